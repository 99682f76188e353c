/** Lets the environment decide where a server listens: one literal becomes a setting with today's port as its default. */
import type { Model, Service } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { openSource, replace, type Source } from "../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../patches/editors/typescript.ts";

/** Null where the port is not written out at the call that listens, or beside it in the same file. */
export function openPort({ root, port: { value, place } }: Service, { repo }: Model): Edit[] | null {
  const source = place === null ? null : openSource(repo, place.file);
  // Under IIS the port is a named pipe, which only some servers take.
  if (place === null || value === null || source === null || repo.has("web.config")) return null;
  const call = listening(source, place.line);
  const [first, second] = call?.arguments ?? [];
  if (call === null || first === undefined || isBound(second)) return null;
  const literal = literalOf(first, value, source);
  if (literal === null) return null;
  const settings = repo.read(root === "." ? "tsconfig.json" : `${root}/tsconfig.json`) ?? "";
  const isIndexed = /"noPropertyAccessFromIndexSignature"\s*:\s*true/.test(settings);
  const port = replace(
    source,
    { start: literal.getStart(source.tree), end: literal.end },
    settingFor(value, source, isIndexed),
  );
  const everywhere = hostEdit(first, call, source);
  return everywhere === null ? null : [port, ...everywhere];
}

/** The one call of that line that makes the process listen. */
function listening(source: Source, line: number): ts.CallExpression | null {
  const ts = typescript();
  const calls = [...walk(source.tree)].filter((node): node is ts.CallExpression => {
    if (!ts.isCallExpression(node)) return false;
    const at = source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree)).line + 1;
    return at === line && /(^|\.)(listen|serve)$/.test(node.expression.getText(source.tree).replace(/\s+/g, ""));
  });
  const [only] = calls;
  return only !== undefined && calls.length === 1 ? only : null;
}

/** A second argument that is an address of this machine alone. */
function isBound(second: ts.Expression | undefined): boolean {
  return second !== undefined && !/^(async\s*)?(\(|function\b)|^["'](0\.0\.0\.0|::)["']$/.test(second.getText());
}

/** The number itself: as the argument, as the option `port`, or as the constant that stands for it. */
function literalOf(argument: ts.Expression, value: number, source: Source): ts.Expression | null {
  const ts = typescript();
  if (ts.isObjectLiteralExpression(argument)) {
    const port = argument.properties.find((each) => each.name?.getText(source.tree) === "port");
    if (port === undefined) return null;
    if (ts.isShorthandPropertyAssignment(port)) return constantOf(port.name.text, value, source);
    return ts.isPropertyAssignment(port) ? literalOf(port.initializer, value, source) : null;
  }
  if (isNumber(argument, value)) return argument;
  return ts.isIdentifier(argument) ? constantOf(argument.text, value, source) : null;
}

/** `const PORT = 3000` at the top of the file, declared once. */
function constantOf(name: string, value: number, source: Source): ts.Expression | null {
  const ts = typescript();
  const declared = [...walk(source.tree)].filter(
    (node): node is ts.VariableDeclaration => ts.isVariableDeclaration(node) && node.name.getText(source.tree) === name,
  );
  const [only] = declared;
  const initializer = declared.length === 1 ? only?.initializer : undefined;
  return initializer !== undefined && isNumber(initializer, value) ? initializer : null;
}

function isNumber(node: ts.Expression, value: number): boolean {
  return typescript().isNumericLiteral(node) && Number(node.text) === value;
}

/** In TypeScript a number, as the servers' types want it; an empty PORT counts as none. */
function settingFor(value: number, { file, style }: Source, isIndexed: boolean): string {
  const name = style.quotes === "single" ? "'PORT'" : '"PORT"';
  const read = isIndexed ? `process.env[${name}]` : "process.env.PORT";
  return /\.[cm]?tsx?$/.test(file) ? `Number(${read}) || ${value}` : `${read} || ${value}`;
}

/** Fastify listens on this machine alone unless it is told otherwise; null where it is told to. */
function hostEdit(argument: ts.Expression, call: ts.CallExpression, source: Source): Edit[] | null {
  const ts = typescript();
  const options = ts.isObjectLiteralExpression(argument) ? argument : null;
  const host = options?.properties.find((each) => /^(host|hostname)$/.test(each.name?.getText(source.tree) ?? ""));
  if (host !== undefined) return /["'](0\.0\.0\.0|::)["']/.test(host.getText(source.tree)) ? [] : null;
  const isFastify = /["']fastify["']/.test(source.text) || /["']@nestjs\/platform-fastify["']/.test(source.text);
  if (!isFastify || !call.expression.getText(source.tree).endsWith(".listen")) return [];
  const last = options?.properties.at(-1);
  if (last === undefined) return null;
  const quote = source.style.quotes === "single" ? "'" : '"';
  return [replace(source, { start: last.end, end: last.end }, `, host: ${quote}0.0.0.0${quote}`)];
}
