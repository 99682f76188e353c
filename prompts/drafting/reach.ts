/** What a draft may not bring: other hosts, packages, secrets, processes, evaluated code, or a way around this list. */
import type { Repo } from "../../analyzers/repo/repo.ts";
import { isSecretName } from "../../components/containers/secrets/settings.ts";
import type { FileChange } from "../../patches/edit.ts";
import { isScript } from "../../patches/editors/source.ts";

interface Reach {
  what: string;
  pattern: RegExp;
}

/** Each may stand in a changed file as often as it did before, never more often: rather one draft too few. */
const reaches: readonly Reach[] = [
  {
    what: "a process of its own",
    pattern:
      /\bchild_process\b|\bworker_threads\b|["'](?:node:)?cluster["']|\bexec(?:File)?(?:Sync)?\(|\bspawn(?:Sync)?\(|\bBun\.\$/g,
  },
  {
    what: "evaluated code",
    pattern: /\beval\b|\bFunction\s*\(|["'](?:node:)?vm["']|\.constructor\s*[(.[]|\bset(?:Timeout|Interval)\(\s*["'`]/g,
  },
  {
    what: "a call to the network",
    pattern:
      /\bfetch\b|\bWebSocket\b|\bEventSource\b|\bsendBeacon\b|["'](?:node:)?(?:https?|http2|net|tls|dgram|dns)["']|["'](?:undici|axios|got|ky)["']|\baxios\b|\bhttps?:\/\/(?=["'`$])/g,
  },
  {
    what: "files of the machine",
    pattern: /["'](?:node:)?(?:fs|os)(?:\/promises)?["']|\bBun\.(?:file|write)\b|\bDeno\b/g,
  },
  {
    what: "the environment as a whole",
    pattern:
      /\bprocess\s*\??\.\s*env\b(?!\s*\??\.\s*[A-Za-z_]|\s*\[\s*["'][A-Za-z_]\w*["']\s*\])|[=(,:[]\s*process\b(?!\s*\??\.)|\bBun\.env\b|\bimport\.meta\.env\b(?!\.)/g,
  },
  {
    what: "a name made at run time",
    pattern:
      /\bglobalThis\b|\bglobal\s*[.[]|\bReflect\b|\brequire\b(?!\(\s*["'][^"']+["']\s*\))|\bimport\s*\((?!\s*["'][^"']+["']\s*\))|\bprocess\s*(?:\[|\??\.\s*(?:binding|mainModule|dlopen|getBuiltinModule)\b)/g,
  },
  {
    what: "text that hides what it says",
    pattern:
      /\\u(?:\{|[0-9a-fA-F]{4})|\\x[0-9a-fA-F]{2}|\bfromCharCode\b|\bfromCodePoint\b|\batob\b|["']base64(?:url)?["']|[\p{Cf}\p{Co}]/gu,
  },
  {
    what: "a comment that silences an analyser or the compiler",
    pattern: /shoreup-ignore|@ts-(?:ignore|nocheck|expect-error)|(?:eslint|oxlint)-disable|biome-ignore/g,
  },
];

const hosts =
  /\b[a-z][a-z0-9+.-]*:\/\/([^\s"'`/?#<>${}\\]+)|["'`]\/\/([\w.@:-]+)|["'`]((?:[a-z0-9-]+\.)+(?:[a-z]{2}|com|net|org|dev|app|xyz|site|online|info|cloud|tech|run|link|click|top|pro|biz|live|page|space|world|website))(?=[:/"'`])|\b(\d{1,3}(?:\.\d{1,3}){3})\b/gi;
const packages = /\b(?:from|import|require\()\s*\(?\s*["']((?:@[^"'/]+\/)?[^"'./][^"'/]*)[^"']*["']/g;
const settings = /\benv\??\.(\w+)|\benv\[\s*["'](\w+)["']\s*\]/g;
const comments = /\/\*[^]*?\*\/|(?<![:"'`\w])\/\/[^\n]*/g;

/** The first thing that the changes bring and must not, in words; null when there is none. */
export function newReach(before: Repo, changes: readonly FileChange[]): string | null {
  for (const { path, before: old, after } of changes) {
    const [was, is] = [old ?? "", after ?? ""];
    const reach = reaches.find(({ pattern }) => countOf(is, pattern) > countOf(was, pattern));
    if (reach !== undefined) return `${path} gains ${reach.what}`;
    const host = foreign(before, was, is, hosts);
    if (host !== undefined) return `${path} names the host ${host}, which no code of the app does`;
    const name = foreign(before, was, is, packages);
    if (name !== undefined) return `${path} imports ${name}, which no code of the app does`;
    const secret = [...found(is, settings)].find((each) => isSecretName(each) && !found(was, settings).has(each));
    if (secret !== undefined) return `${path} reads the secret ${secret}, which it did not read before`;
  }
  return null;
}

function countOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

/** What stands in the new text, not in the old one, and in no code of the app: a comment or a README that names it is a way in. */
function foreign(repo: Repo, was: string, is: string, pattern: RegExp): string | undefined {
  const old = found(was.replace(comments, ""), pattern);
  const brought = [...found(is, pattern)].filter((each) => !old.has(each));
  if (brought.length === 0) return undefined;
  const scripts = repo.files.filter((file) => isScript(file));
  return brought.find(
    (each) =>
      !scripts.some((file) => {
        const text = repo.read(file) ?? "";
        return text.includes(each) && found(text.replace(comments, ""), pattern).has(each);
      }),
  );
}

function found(text: string, pattern: RegExp): Set<string> {
  const groups = [...text.matchAll(pattern)].flatMap((match) => match.slice(1));
  return new Set(groups.filter((group) => group !== undefined));
}
