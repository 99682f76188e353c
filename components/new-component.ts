/** `npm run new-component NAME`: a component folder from the template, and its two lines in the registry. */
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Scaffolded = { kind: "made"; folder: string; files: string[] } | { kind: "refused"; reason: string };

/** Makes `<root>/components/<name>`; refuses bad and taken names without touching anything. */
export function scaffold(root: string, name: string): Scaffolded {
  const folder = join(root, "components", name);
  if (!/^[a-z]+[a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    return {
      kind: "refused",
      reason: `"${name}" is not a component name: use lower-case words joined by hyphens, such as object-storage.`,
    };
  }
  if (existsSync(folder))
    return { kind: "refused", reason: `components/${name} is there already; choose another name or edit that one.` };
  cpSync(join(root, "components", "_template"), folder, { recursive: true });
  renameSync(join(folder, "component.test.ts"), join(folder, `${name}.test.ts`));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of files) writeFileSync(file, named(readFileSync(file, "utf8"), name));
  register(join(root, "components", "registry.ts"), name);
  return { kind: "made", folder, files };
}

function named(text: string, name: string): string {
  return text
    .replaceAll("_template", name)
    .replaceAll("templateComponent", camelCase(name))
    .replaceAll(/[Tt]he template component|Template title/g, titleOf(name));
}

/** One import and one entry, each behind the last of its kind. */
function register(file: string, name: string): void {
  const entry = camelCase(name);
  const withImport = readFileSync(file, "utf8").replace(
    /(?:import \{ \w+ \} from "\.\/[\w-]+\/index\.ts";\n)+/,
    (imports) => `${imports}import { ${entry} } from "./${name}/index.ts";\n`,
  );
  writeFileSync(file, withImport.replace(/,?\n\];/, `,\n  ${entry},\n];`));
}

function camelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function titleOf(name: string): string {
  const words = name.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

if (import.meta.main) {
  const outcome = scaffold(join(import.meta.dirname, ".."), process.argv[2] ?? "");
  if (outcome.kind === "refused") {
    console.error(outcome.reason);
    process.exitCode = 2;
  } else {
    console.log(
      `Made ${outcome.folder}\nNext: fill in the rules, detector, recipe, guide and fixtures, then run\n  npx vitest run ${outcome.folder}`,
    );
  }
}
