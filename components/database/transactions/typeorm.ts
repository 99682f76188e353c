/** TypeORM: the transaction's manager gives each repository anew; the app's own ones would ask outside of it. */
import { replace, type Source } from "../../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import type { Client, Joined, Obstacle, Work } from "./client.ts";
import { dependenciesOf, hasServerDriver } from "./drivers.ts";
import { rootsIn, type Root } from "./roots.ts";

export const typeorm: Client = {
  names: ["manager", "transactionManager"],
  notes: [],
  atOnce: true,
  obstacle: (queries, model) => {
    if (!hasServerDriver(queries, model))
      return "the database's driver is not known to hold several transactions at once";
    const version = /\d+(\.\d+)?/.exec(dependenciesOf(queries, model)["typeorm"] ?? "")?.[0] ?? "0";
    return Number(version) >= 0.3 ? null : "TypeORM before 0.3 gives a transaction's repositories in another way";
  },
  joined,
};

const methods =
  /^(find\w*|exists?|existsBy|count|countBy|sum|average|save|insert|update|upsert|delete|remove|soft\w+|restore|increment|decrement|createQueryBuilder)$/;

/** What a repository does without asking the database. */
const silent = /^(create|merge|getId|hasId|metadata)$/;

function joined(work: Work): Joined | Obstacle {
  const roots = rootsIn(work, rootOf, isSilent);
  if ("obstacle" in roots) return roots;
  const [first] = roots;
  if (first === undefined) return { obstacle: "no query could be read" };
  const kinds = roots.map((root) => kindOf(root, work.source));
  const unknown = roots.find((_, index) => kinds[index] === null);
  if (unknown !== undefined)
    return { obstacle: `\`${unknown.text}\` is not seen to be one of TypeORM's own repositories` };
  const ownerOf = (root: string): string => (kinds[0] === "repository" ? `${root}.manager` : root);
  return {
    root: first.text,
    opening: (_source, root) => ({ text: `${ownerOf(root ?? first.text)}.transaction(`, wishes: [], files: [] }),
    onto: (name) =>
      roots.map(({ node, text }, index) =>
        replace(
          work.source,
          { start: node.getStart(work.source.tree), end: node.end },
          kinds[index] === "repository" ? `${name}.withRepository(${text})` : name,
        ),
      ),
    parameter: (name) => ({
      text: `${name} = ${kinds[0] === "manager" ? first.text : `${first.text}.manager`}`,
      wishes: [],
    }),
  };
}

/** `orders` of `orders.save`, `AppDataSource` of `AppDataSource.getRepository(Order).save`, `dataSource.manager`. */
function rootOf(callee: ts.Expression): ts.Expression | null {
  const ts = typescript();
  if (!ts.isPropertyAccessExpression(callee)) return null;
  const { name, expression } = callee;
  return name.text === "getRepository" || methods.test(name.text) ? expression : null;
}

function isSilent(node: ts.Expression): boolean {
  const ts = typescript();
  return (
    ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node && silent.test(node.parent.name.text)
  );
}

/** A class of the app's own that extends `Repository` may need more than a manager to be made. */
function kindOf({ text, node }: Root, source: Source): "repository" | "source" | "manager" | null {
  const ts = typescript();
  const field = /^this\.(\w+)$/.exec(text)?.[1];
  const access = node.parent;
  const asksForOne = ts.isPropertyAccessExpression(access) && access.name.text === "getRepository";
  for (const each of walk(source.tree)) {
    const isField =
      field !== undefined &&
      (ts.isParameter(each) || ts.isPropertyDeclaration(each)) &&
      each.name.getText(source.tree) === field &&
      each.type !== undefined;
    if (isField) return kindOfType(each.type.getText(source.tree), asksForOne);
    const isName =
      field === undefined &&
      ts.isVariableDeclaration(each) &&
      each.name.getText(source.tree) === text &&
      each.initializer !== undefined;
    if (!isName) continue;
    const made = each.initializer.getText(source.tree);
    if (/^[\w.]*\bgetRepository\(\s*\w+\s*\)$/.test(made) && !made.startsWith("getRepository")) return "repository";
    return made.startsWith("new DataSource(") && asksForOne ? "source" : null;
  }
  return asksForOne && /^\w*(dataSource)$/i.test(text) ? "source" : null;
}

function kindOfType(type: string, asksForOne: boolean): "repository" | "source" | "manager" | null {
  if (/^Repository<\w+>$/.test(type)) return "repository";
  if (type === "EntityManager") return "manager";
  return type === "DataSource" && asksForOne ? "source" : null;
}
