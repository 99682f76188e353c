/** Sessions and tokens that are signed with a string from the source: whoever has read it can forge them. */
import type { Known, Model, Place, Use } from "../../../analyzers/model.ts";
import { answeringServices } from "../../../analyzers/serving/product.ts";
import { serverFiles } from "../../../analyzers/serving/server-files.ts";
import { lineHolding } from "../../../analyzers/services/manifest.ts";
import type { Match } from "../../finding.ts";
import { match } from "../match.ts";

/** Calls that sign or check, and where they are given the secret: an argument, or an option of it. */
const signers: readonly { api: string; argument: number; options?: readonly string[] }[] = [
  ...["jsonwebtoken:sign", "jsonwebtoken:verify", "jsonwebtoken:default.sign", "jsonwebtoken:default.verify"].map(
    (api) => ({
      api,
      argument: 1,
    }),
  ),
  { api: "jwt-simple:encode", argument: 1 },
  { api: "express-session:", argument: 0, options: ["secret"] },
  { api: "cookie-session:", argument: 0, options: ["secret", "keys"] },
  { api: "express-jwt:expressjwt", argument: 0, options: ["secret"] },
  { api: "express-jwt:", argument: 0, options: ["secret"] },
  { api: "passport-jwt:Strategy", argument: 0, options: ["secretOrKey"] },
  { api: "@nestjs/jwt:JwtModule.register", argument: 0, options: ["secret"] },
  { api: "@fastify/jwt:", argument: 1, options: ["secret"] },
];

/** What a signing secret comes down to; `name` is the setting that comes first, null when there is none. */
interface Written {
  name: string | null;
  text: string;
}

export function signingSecrets(model: Model): Match[] {
  const answering = new Set(answeringServices(model).map(({ name }) => name));
  const found = new Map<string, Match>();
  for (const { api, argument, options } of signers) {
    for (const use of model.usesOf(api)) {
      const service = model.service(use.call.file);
      if (model.context(use.call.file) !== "server" || service === null || !answering.has(service.name)) continue;
      const written = writtenIn(use.call.args[argument], options);
      const matched = written === null ? null : matchFor(written, use, model);
      if (matched !== null) found.set(`${matched.file}:${matched.line}`, matched);
    }
  }
  return [...found.values()];
}

function writtenIn(value: Known | undefined, options: readonly string[] | undefined): Written | null {
  if (options !== undefined) {
    if (value?.kind !== "object") return null;
    return options.map((name) => writtenIn(value.entries[name], undefined)).find((each) => each !== null) ?? null;
  }
  if (value?.kind === "array") return writtenIn(value.items[0], undefined);
  if (value?.kind === "literal" && typeof value.value === "string" && value.value !== "")
    return { name: null, text: value.value };
  const fallback = value?.kind === "env" ? value.default : null;
  return value?.kind === "env" && typeof fallback === "string" && fallback !== ""
    ? { name: value.name, text: fallback }
    : null;
}

function matchFor({ name, text }: Written, use: Use, model: Model): Match | null {
  const place = placeOf({ name, text }, use, model);
  // A setting may get a value in other ways, such as tests that put one into the environment: that is no default.
  if (place === null || isOnlyForDevelopers(place, name, model)) return null;
  return match("secrets-in-image-or-repo", place, {
    title: "Tokens are signed with a string from the source",
    confidence: use.certainty === "proven" ? "high" : "medium",
    message:
      name === null
        ? "The secret that signs tokens or sessions stands in the code: whoever has read it can forge them, for any user."
        : `When ${name} is missing, tokens or sessions are signed with a string that stands in the code, and nothing says so: whoever has read it can forge them, for any user.`,
    anchor: `signing secret ${name ?? "in the code"}`,
  });
}

/** Where the string stands: the setting's default, else a file of the service that holds it, else the call. */
function placeOf({ name, text }: Written, { call }: Use, model: Model): Place | null {
  const service = model.service(call.file);
  const settings = service?.env.filter((each) => each.name === name && each.default === text) ?? [];
  // A script that gives itself a setting gives it to nobody else.
  const setting = settings.find(({ place }) => ["server", "worker"].includes(model.context(place.file)));
  if (setting !== undefined) return setting.place;
  if (name !== null) return null;
  const quoted = ['"', "'", "`"].map((quote) => `${quote}${text}${quote}`);
  const files = [call.file, ...(service === null ? [] : serverFiles(model, service))];
  for (const file of files) {
    const source = model.repo.read(file) ?? "";
    const held = quoted.find((each) => source.includes(each));
    if (held !== undefined) return { file, line: lineHolding(source, held) };
  }
  return { file: call.file, line: call.line };
}

/** The code itself says that the string is for development, or refuses to start in production without the setting. */
function isOnlyForDevelopers({ file, line }: Place, name: string | null, { repo }: Model): boolean {
  const source = repo.read(file) ?? "";
  const around = source
    .split("\n")
    .slice(Math.max(0, line - 4), line + 2)
    .join("\n");
  if (/NODE_ENV|is_?(dev|prod|test)|\b(development|test)\s*[:?{]/i.test(around)) return true;
  return (
    name !== null &&
    new RegExp(
      `(throw|exit|required|invariant|assert)[^\\n]{0,120}\\b${name}\\b|\\b${name}\\b[^\\n]{0,120}(throw|exit|required|missing|must)`,
    ).test(source)
  );
}
