/** Mongoose: each query is told of the session, and only a replica set has transactions at all. */
import type { Model } from "../../../analyzers/model.ts";
import type { Edit } from "../../../patches/edit.ts";
import { setOptions } from "../../../patches/editors/calls.ts";
import { bindingsOf } from "../../../patches/editors/import-declarations.ts";
import { insert, replace, type Source } from "../../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import { obstacleOfHooks } from "./hooks.ts";
import type { Client, Joined, Obstacle, Opening, Work } from "./client.ts";
import { all, askedIn, rangeOf, type Asked } from "./options.ts";

export const mongoose: Client = {
  names: ["session"],
  notes: [
    "MongoDB's transactions need a replica set, as Atlas always is: a database on a developer's machine has to be started as one, too. When two of them meet, MongoDB runs one again from its beginning.",
  ],
  rebinds: true,
  atOnce: false,
  obstacle: (queries, model) =>
    queries.some(({ dialect }) => dialect !== "mongoose")
      ? "transactions are not yet written for this library"
      : (obstacleOfServer(model) ?? obstacleOfHooks(model)),
  joined,
};

/** A server of its own on a developer's machine or in the tests refuses transactions: then what worked would not. */
function obstacleOfServer({ repo }: Model): string | null {
  const texts = repo.files
    .filter((file) =>
      /(^|\/)(\.env[\w.]*|README\.md|[\w.-]*compose[\w.-]*\.ya?ml|package\.json)$|\.[cm]?[jt]s$/i.test(file),
    )
    .map((file) => repo.read(file) ?? "");
  const isSet = texts.some((text) => /mongodb\+srv:\/\/|[?&]replicaSet=|--replSet/.test(text));
  const isAlone = texts.some(
    (text) =>
      /mongodb:\/\/[^\s"'`]*(localhost|127\.0\.0\.1|@?mongo(db)?:27017)(?![^\s"'`]*replicaSet=)/.test(text) ||
      /\bMongoMemoryServer\b/.test(text),
  );
  if (texts.some((text) => /\bmongoose\.createConnection\(/.test(text)))
    return "the app has several connections to MongoDB";
  if (isSet && !isAlone) return null;
  return isAlone
    ? "MongoDB has transactions on a replica set only, and a database that the app is run or tested with is none"
    : "MongoDB has transactions on a replica set only, and whether this database is one cannot be seen here";
}

/** Method -> where its options stand. */
const writes: Readonly<Record<string, 0 | 1 | 2>> = {
  save: 0,
  insertMany: 1,
  deleteOne: 1,
  deleteMany: 1,
  findByIdAndDelete: 1,
  findOneAndDelete: 1,
  updateOne: 2,
  updateMany: 2,
  findByIdAndUpdate: 2,
  findOneAndUpdate: 2,
};
const reads = /^(find|findOne|findById|countDocuments|exists)$/;

function joined(work: Work): Joined | Obstacle {
  const asked = askedIn(work);
  if ("obstacle" in asked) return asked;
  const changed = changesOuter(work);
  if (changed !== null)
    return { obstacle: `\`${changed}\` is counted up between them, and MongoDB may run a transaction twice` };
  const edits = (name: string): Edit[] | null => all(asked.map((each) => edited(each, name, work.source)));
  if (edits("session") === null)
    return { obstacle: "one of the queries is not written in a way that a session can be added to" };
  return {
    root: null,
    opening: (source) => opening(source),
    onto: (name) => edits(name) ?? [],
    parameter: () => ({ obstacle: "one of the writes is made by another function" }),
  };
}

function edited({ call, method, owner }: Asked, name: string, source: Source): Edit[] | null {
  const ts = typescript();
  if (reads.test(method)) return [insert(source, call.end, `.session(${name})`)];
  if (method === "create") return created(call, name, source);
  const isDocument = /^[a-z]\w*$/.test(owner.getText(source.tree));
  if (isDocument && method !== "save" && method !== "deleteOne") return null;
  const index = isDocument ? 0 : Object.hasOwn(writes, method) ? writes[method] : undefined;
  if (index === undefined || ts.isCallExpression(owner)) return null;
  return setOptions(source, rangeOf(call, source), index, { session: name });
}

/** `create({...})` takes no options; `create([{...}], { session })` does, and gives a list (Mongoose documentation, "Model.create"). */
function created(call: ts.CallExpression, name: string, source: Source): Edit[] | null {
  const ts = typescript();
  const [first, other] = call.arguments;
  const awaited = call.parent;
  if (first === undefined || other !== undefined || !ts.isObjectLiteralExpression(first)) return null;
  if (!ts.isAwaitExpression(awaited)) return null;
  const wrapped = [
    insert(source, first.getStart(source.tree), "["),
    insert(source, first.end, `], { ${name === "session" ? name : `session: ${name}`} }`),
  ];
  const { parent } = awaited;
  if (ts.isExpressionStatement(parent)) return wrapped;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name) || parent.type !== undefined) return null;
  return [replace(source, rangeOf(parent.name, source), `[${parent.name.text}]`), ...wrapped];
}

/** What was read before is changed in memory a second time when the transaction is. */
function changesOuter({ statements, source }: Work): string | null {
  const ts = typescript();
  const nodes = statements.flatMap((statement) => [...walk(statement)]);
  const own = new Set(
    nodes.flatMap((node) => (ts.isVariableDeclaration(node) ? [node.name.getText(source.tree)] : [])),
  );
  const headOf = (node: ts.Node): string => node.getText(source.tree).split(/[.[?!(]/)[0] ?? "";
  for (const node of nodes) {
    const target = changedBy(node);
    if (target !== null && !own.has(headOf(target))) return target.getText(source.tree);
  }
  return null;
}

function changedBy(node: ts.Node): ts.Node | null {
  const ts = typescript();
  if (ts.isPostfixUnaryExpression(node)) return node.operand;
  if (ts.isPrefixUnaryExpression(node)) return /^(\+\+|--)/.test(node.getText()) ? node.operand : null;
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const isCompound = kind > ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
    const isOwn = kind === ts.SyntaxKind.EqualsToken && node.right.getText().includes(node.left.getText());
    return isCompound || isOwn ? node.left : null;
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return null;
  return /^(push|unshift|pop|shift|splice|set|addToSet|pull)$/.test(node.expression.name.text)
    ? node.expression.expression
    : null;
}

function opening(source: Source): Opening {
  const known = bindingsOf(source).find(({ from, imported }) => from === "mongoose" && /^(default|\*)$/.test(imported));
  if (known !== undefined) return { text: `${known.local}.connection.transaction(`, wishes: [], files: [] };
  return { text: "mongoose.connection.transaction(", wishes: [{ from: "mongoose", default: "mongoose" }], files: [] };
}
