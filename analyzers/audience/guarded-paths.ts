/** Which paths a piece of middleware guards that looks at the path itself: lists of protected, or of public, beginnings. */
import { forStaff } from "./own-checks.ts";

/** `text`: the middleware's source. True where it names no paths, so that it treats all alike. */
export function guardsPath(text: string, path: string): boolean {
  const code = withoutAddresses(text);
  const named = [...code.matchAll(/["'`](\/[^"'`\s]*)["'`]/g)].flatMap(([, each]) => each ?? []);
  if (named.length === 0) return true;
  const isNamed = named.some((each) => begins(path, each));
  return listsPublic.test(code) ? !isNamed : isNamed;
}

/** Names and tests by which a list holds what everybody may see. */
const listsPublic =
  /public|unprotected|un_?auth|without_?auth|(open|allowed|excluded|ignored|skipped|white_?list(ed)?|anonymous)_?(routes|paths|pages)|!\s*(is_?)?(open|auth|login)_?(route|page|path)s?\b|!\s*(?![\w.]*origin)[\w.]*\.(startsWith|includes|some|match|test)\(|!\s*\w*(paths|routes|pages)\w*\.(some|includes)\(/i;

/** Whether one of its `if`s asks for both: `pathname.startsWith("/api/portal") && token.role !== "ADMIN"`. */
export function keepsForStaff(text: string, path: string): boolean {
  return [...text.matchAll(/\bif\s*\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)/g)].some(([, condition = ""]) => {
    const places = [...condition.matchAll(/["'`](\/[^"'`\s]*)["'`]/g)].flatMap(([, each]) => each ?? []);
    const isStaffs = forStaff.test(condition.replace(/["'`]\/[^"'`\s]*["'`]/g, ""));
    return isStaffs && places.some((each) => begins(path, each));
  });
}

/** Where to send people, and where the middleware runs at all, are not what it asks for. */
function withoutAddresses(text: string): string {
  return text
    .replace(/\/\*[^]*?\*\/|(?<![:"'`])\/\/[^\n]*/g, "")
    .replace(/export\s+const\s+config\b[^]*?\n\};?/g, "")
    .replace(/\b(redirect|rewrite|URL)\(\s*(new URL\(\s*)?["'`][^"'`]*["'`]/g, "")
    .replace(/\b(signInUrl|signUpUrl|signIn|pathname|url|redirectTo|loginUrl)\s*[:=](?!=)\s*["'`][^"'`]*["'`]/g, "");
}

/** `/dashboard` names `/dashboard/:id`; `/` names only itself. */
function begins(path: string, named: string): boolean {
  const start = named.replace(/\(\.\*\)|\/?:\w+[*+?]?|\*+|\/$/g, "");
  if (start === "") return path === "/" || named !== "/";
  return path === start || path.startsWith(`${start}/`);
}
