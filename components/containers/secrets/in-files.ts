/** Secrets committed with the code: in settings files by name, in any other file by shape. */
import { posix } from "node:path";
import type { Model, Place } from "../../../analyzers/model.ts";
import { isBesideTheProduct } from "../../../analyzers/serving/product.ts";
import { isInTestFolder, isTestFile } from "../../../analyzers/services/file-roles.ts";
import type { Match } from "../../finding.ts";
import { match } from "../match.ts";
import { isSecretSetting } from "./settings.ts";
import { secretsIn } from "./shapes.ts";

/** Files longer than this are data or generated. */
const longest = 1_000_000;
const readable =
  /\.([mc]?[jt]sx?|json|ya?ml|toml|sh|env|properties|pem|key|cfg|conf|ini|vue|svelte|tf|tfvars)$|(^|\/)(\.?env[\w.-]*|\.npmrc|Dockerfile[\w.-]*|Procfile)$/i;
const forShow =
  /(^|[._/-])(examples?|samples?|templates?|dist|defaults?|tests?|spec|mocks?|fixtures?|stubs?|snap|ci|cypress|e2e|storybook|stories|lock|schema|local(host)?|self-?signed|mkcert)([._-]|$)/i;
/** Folders that describe an interface, with made-up values in it. */
const described = /(^|\/)(schemas?|openapi|swagger|locales?|i18n)(\/|$)/i;
const settingsFile = /^\.env(\.[\w-]+)*$|^[\w-]*\.env$/;
const forDevelopers = /(^|[.-])(dev|development|local|docker-compose)([.-]|$)/;

interface Secret extends Place {
  kind: string;
  isUncertain: boolean;
}

export function committedSecrets(model: Model): Match[] {
  return model.repo.files.filter(mayHold).flatMap((file) => {
    const text = model.repo.read(file) ?? "";
    if (text.length > longest) return [];
    const secrets = settingsFile.test(posix.basename(file)) ? inSettings(file, text) : byShape(file, text, model);
    return secrets.length === 0 ? [] : [matchFor(secrets)];
  });
}

function mayHold(file: string): boolean {
  const { dir, base } = posix.parse(file);
  return (
    readable.test(file) &&
    !forShow.test(base) &&
    !isBesideTheProduct(dir) &&
    !described.test(dir) &&
    !isTestFile(file) &&
    !isInTestFolder(file)
  );
}

function inSettings(file: string, text: string): Secret[] {
  const byName = !forDevelopers.test(posix.basename(file));
  return text.split(/\r?\n/).flatMap((line, index) => {
    const [, name, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.+)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return [];
    const [shape] = secretsIn(value);
    const isSecret = (shape !== undefined && !shape.isUncertain) || (byName && isSecretSetting(name, value));
    return isSecret ? [{ kind: `the setting ${name}`, file, line: index + 1, isUncertain: false }] : [];
  });
}

function byShape(file: string, text: string, model: Model): Secret[] {
  return secretsIn(text).flatMap(({ kind, at, isUncertain }) => {
    if (isUncertain && !isServersOwn(file, text, model)) return [];
    return [{ kind, file, line: text.slice(0, at).split("\n").length, isUncertain }];
  });
}

/** A Google key in code that only the server runs; those of Firebase and of maps are made to be seen. */
function isServersOwn(file: string, text: string, model: Model): boolean {
  return model.context(file) === "server" && !/authDomain|firebase|maps\.googleapis|NEXT_PUBLIC_/i.test(text);
}

function matchFor(secrets: readonly Secret[]): Match {
  const [first = { kind: "", file: "", line: 1, isUncertain: false }, ...others] = secrets;
  const kinds = [...new Set(secrets.map(({ kind }) => kind))];
  const what = kinds.length <= 3 ? kinds.join(", ") : `${kinds.slice(0, 3).join(", ")} and ${kinds.length - 3} more`;
  return match("secrets-in-image-or-repo", first, {
    confidence: secrets.every(({ isUncertain }) => isUncertain) ? "medium" : "high",
    message: `The repo holds ${what} with a value that looks real: whoever can read the code, or ever could, can use it.`,
    also: others.slice(0, 10).map(({ file, line }) => ({ file, line })),
    anchor: `${posix.basename(first.file)} ${kinds.join(" ")}`,
  });
}
