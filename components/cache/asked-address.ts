/** What a call asks another service for, as a key: its address without secrets, with all that a request puts into it. */
import type { Source } from "../../patches/editors/source.ts";
import { typescript, type ts } from "../../patches/editors/typescript.ts";
import { namesIn } from "./handler-body.ts";

/** An expression for the key, or why there is none. */
export function askedAddress(source: Source, call: ts.CallExpression): { key: string } | { cannot: string } {
  const ts = typescript();
  const [address, ...others] = call.arguments;
  if (address === undefined || ts.isObjectLiteralExpression(address))
    return { cannot: "its address is not the first thing the call is given" };
  const sent = others.flatMap((each) => unknownIn(source, each));
  if (sent.length > 0) return { cannot: `\`${sent[0]}\` is sent with it, and may be another one for each visitor` };
  if (others.some((each) => /responseType\s*:\s*["'](?!json|text)/.test(each.getText(source.tree))))
    return { cannot: "what it brings is no text" };
  if (
    others.some((each) =>
      /\bcache\s*:|authorization["']?\s*:\s*[`"']?(?!\s*(process|Bearer \$\{process|`Bearer \$\{process))/i.test(
        each.getText(source.tree),
      ),
    )
  )
    return { cannot: "it says itself how it is kept, or for whom it asks" };
  if (ts.isStringLiteralLike(address)) return { key: JSON.stringify(address.text) };
  if (ts.isIdentifier(address)) return constant(source, address);
  if (!ts.isTemplateExpression(address)) return { cannot: "its address is put together elsewhere" };
  const spans = address.templateSpans.map(({ expression, literal }) => {
    const text = expression.getText(source.tree);
    const isSetting = /^process\.env\b|^[A-Z][A-Z0-9_]*$/.test(text);
    return isSetting ? literal.text : `\${${text}}${literal.text}`;
  });
  const calls = address.templateSpans.some(({ expression }) => /\bawait\b|=>/.test(expression.getText(source.tree)));
  if (calls) return { cannot: "its address is put together elsewhere" };
  const text = address.head.text + spans.join("");
  return { key: text.includes("${") ? `\`${text}\`` : JSON.stringify(text) };
}

/** `const RATES = "https://..."` at the top of the file; the name itself is the key, unless a setting may be a secret. */
function constant(source: Source, name: ts.Identifier): { key: string } | { cannot: string } {
  const ts = typescript();
  const declarations = source.tree.statements.flatMap((statement) =>
    ts.isVariableStatement(statement) ? [...statement.declarationList.declarations] : [],
  );
  const init = declarations.find((each) => each.name.getText(source.tree) === name.text)?.initializer;
  if (init === undefined) return { cannot: "its address is put together elsewhere" };
  return { key: ts.isStringLiteralLike(init) ? name.text : JSON.stringify(name.text) };
}

/** Names in the options that are no settings of the module. */
function unknownIn(source: Source, node: ts.Expression): string[] {
  const ts = typescript();
  const top = new Set(
    source.tree.statements.flatMap((statement) =>
      ts.isVariableStatement(statement)
        ? statement.declarationList.declarations.map(({ name }) => name.getText(source.tree))
        : [],
    ),
  );
  return namesIn(node)
    .map(({ text }) => text)
    .filter((name) => !/^(AbortSignal|process|undefined|Number|String)$/.test(name) && !top.has(name));
}
