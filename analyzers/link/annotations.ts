/** What a type's name says about a value: the last resort where no caller is known. Everything from here is inferred. */
import { instanceOfType } from "../libraries/types.ts";
import { isPython } from "../repo/source-file.ts";
import { isGeneratedClient } from "./exports.ts";
import { publicSpecifier } from "./modules.ts";
import { own, type FileNode } from "./program.ts";
import { isPythonPackage, pythonApi } from "./python-modules.ts";
import type { Solver } from "./solver.ts";
import { external, instance, NONE, union, type Tokens } from "./token.ts";

/** An instance of the class, or of what a package makes, that a type annotation with this head names. */
export function typeTokens(solver: Solver, file: FileNode, type: string): Tokens {
  const classes = classTokens(solver, file, type);
  if (classes.length > 0) return classes;
  const isOfPackage = file.summary.imports.some(
    ({ names, specifier }) =>
      names.some((each) => each.local === type) && solver.modules.resolve(file.path, specifier).kind === "package",
  );
  return isOfPackage ? NONE : (instanceOfQualified(file, type) ?? implementation(solver, type));
}

/** As {@link typeTokens}, but only where the name is that of a class, not that of an interface which one may implement. */
export function classTokens(solver: Solver, file: FileNode, type: string): Tokens {
  for (const { names, specifier } of file.summary.imports) {
    const imported = names.find((each) => each.local === type)?.imported;
    if (imported === undefined) continue;
    if (isGeneratedClient(specifier, imported)) return packageInstance("@prisma/client", imported);
    const resolved = solver.modules.resolve(file.path, specifier);
    if (resolved.kind === "package") return packageInstance(resolved.specifier, imported);
    if (resolved.kind === "missing" && imported === "PrismaClient") return packageInstance("@prisma/client", imported);
    const target = resolved.kind === "file" ? solver.program.files.get(resolved.file) : undefined;
    const exported = target === undefined ? NONE : solver.exported(target, imported);
    return exported.flatMap((each) => (each.kind === "class" ? [instance(each.class, null, true)] : []));
  }
  const own = file.classes.find((each) => each.fact.name === type);
  return own === undefined ? NONE : [instance(own, null, true)];
}

/** What a framework puts into a parameter whose type is a name for `Annotated[T, Depends(f)]`. */
export function annotatedTokens(solver: Solver, file: FileNode, type: string): Tokens {
  if (!isPython(file.path)) return NONE;
  const value = own(file.summary.exports, type);
  const tokens = value === undefined ? NONE : solver.evaluate(file, value, null);
  return union(
    tokens.flatMap((token) => {
      if (token.kind !== "array") return [];
      // The first item is the type itself.
      return token.value.items.slice(1).map((item) => solver.evaluate(token.file, item, token.env));
    }),
  );
}

function packageInstance(specifier: string, name: string): Tokens {
  if (isPythonPackage(specifier)) {
    const made = external(`${pythonApi(specifier, name)}()`, true);
    return made === null ? NONE : [made];
  }
  const api = instanceOfType(publicSpecifier(specifier), name);
  const token = api === null ? null : external(api, true);
  return token === null ? NONE : [token];
}

/** Names by which services are handed around in code without types. */
const SERVICE_NAME =
  /^[a-z]\w*(Service|Repository|Repo|Client|Mailer|Gateway|Provider|Store|Queue|Notifier|Sender|Dao|UseCase)$/;

/** `mailService` of unknown origin is taken for the app's only class `MailService`; `fastify` is what every plugin calls its own. */
export function tokensByName(solver: Solver, name: string): Tokens {
  if (name === "fastify") return packageInstance("fastify", "FastifyInstance");
  if (!SERVICE_NAME.test(name)) return NONE;
  const found = solver.program.classes.get(name.charAt(0).toUpperCase() + name.slice(1));
  return found === undefined ? NONE : [instance(found, null, true)];
}

/** `express.Application` is written with its head only: the package is the one whose known type has that name. */
function instanceOfQualified({ summary }: FileNode, type: string): Tokens | null {
  for (const { specifier, names } of summary.imports) {
    const isWhole = names.some((each) => each.imported === "default" || each.imported === "*");
    const api = isWhole ? instanceOfType(specifier, type, true) : null;
    if (api !== null) return packageInstance(specifier, type);
  }
  return null;
}

/** The only class of the app that an interface's name can mean: `IMailer` or `Mailer` -> `Mailer`, `MailerImpl`. */
function implementation(solver: Solver, type: string): Tokens {
  const plain = /^I[A-Z]/.test(type) ? type.slice(1) : type;
  for (const name of [type, plain, `${plain}Impl`, `Default${plain}`]) {
    const found = solver.program.classes.get(name);
    if (found !== undefined) return [instance(found, null, true)];
  }
  return NONE;
}
