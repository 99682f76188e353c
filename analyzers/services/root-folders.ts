/** Folders that a file names from where the app is started: `${process.cwd()}/app/api`, `path.join(process.cwd(), "routes")`. */
import type { Summary, Value } from "../summary.ts";

/** By their way from the repo's root. */
export function rootFolders(summary: Summary): string[] {
  const bound = summary.functions.flatMap(({ bindings }) => Object.values(bindings).flat());
  const given = summary.calls.flatMap(({ args }) => args);
  const templates = [...bound, ...given].flatMap((value) => {
    const [first, second] = value.kind === "template" ? value.parts : [];
    const isKnown = first !== undefined && typeof first !== "string" && isRoot(first, summary);
    return isKnown && typeof second === "string" ? [second] : [];
  });
  const joined = summary.calls.flatMap(({ callee, args: [first, second] }) => {
    const isJoin = callee.kind === "member" && /^(join|resolve)$/.test(callee.property);
    const isKnown = isJoin && first !== undefined && isRoot(first, summary);
    return isKnown && second?.kind === "literal" ? [String(second.value)] : [];
  });
  const folders = [...templates, ...joined].map((text) => text.replace(/^\.?\/+/, "").replace(/\/+$/, ""));
  return folders.filter((folder) => folder !== "" && !folder.startsWith("."));
}

function isRoot(value: Value, { calls }: Summary): boolean {
  const callee = value.kind === "call" ? calls[value.call]?.callee : undefined;
  return callee?.kind === "member" && callee.property === "cwd";
}
