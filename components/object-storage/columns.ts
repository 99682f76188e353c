/** Binary columns and fields that are there for files, in schemas of every kind. */
import type { Model } from "../../analyzers/model.ts";
import { advice } from "../advice.ts";
import type { Match } from "../finding.ts";

interface Dialect {
  file: RegExp;
  /** The column's name is the first group that matched. */
  column: RegExp;
  /** What the file has to speak of, for languages that are used for more than schemas. */
  about?: RegExp;
  /** What has to stand before the bracket that it stands in: types of parameters look the same. */
  within?: RegExp;
}

const dialects: readonly Dialect[] = [
  { file: /\.prisma$/, column: /^\s*(\w+)\s+Bytes\b/ },
  {
    file: /\.sql$/,
    column: /^\s*(?:,\s*)?["'`[]?(\w+)["'`\]]?\s+(?:bytea|(?:long|medium|tiny)?blob|varbinary\(\s*max\s*\))\b/i,
  },
  {
    file: /\.[cm]?[jt]s$/,
    column: /\b(\w+)\s*:\s*(?:\{\s*type\s*:\s*)?(?:Schema\.Types\.)?Buffer\b\s*[,}\n]?/,
    about: /\bmongoose\b/,
    within: /Schema\s*(<[^()]*>)?\s*$/,
  },
  { file: /\.[cm]?[jt]s$/, column: /\b(\w+)\s*:\s*(?:\{\s*type\s*:\s*)?\w*\.?BLOB\b/, about: /sequelize/i },
  { file: /\.[cm]?[jt]s$/, column: /\b\w*\.(?:binary|specificType)\(\s*["'`](\w+)["'`]/, about: /knex|createTable/ },
  { file: /\.[cm]?[jt]s$/, column: /\b(\w+)\s*:\s*(?:bytea|blob|longblob|mediumblob|varbinary)\(/, about: /drizzle/ },
];

const ofFile =
  /image|img|photo|\bpic|picture|avatar|logo|icon|file(?!name|_?size|_?type)|attach|document|\bdoc$|pdf|video|audio|media|poster|banner|cover|thumb|resume|\bcv$|screenshot|scan/i;
const generic = /^(data|content|contents|blob|binary|bytes|body|payload)$/i;
const notOfFile =
  /hash|salt|key|token|secret|embedding|vector|cipher|encrypt|signature|checksum|digest|nonce|credential|public|state|ydoc|yjs/i;

export function binaryColumns(model: Model): Match[] {
  return model.repo.files.flatMap((file) => {
    if (/(^|\/)(node_modules|tests?|__tests__|fixtures|examples?)\//.test(file)) return [];
    const fitting = dialects.filter((dialect) => dialect.file.test(file));
    if (
      fitting.length === 0 ||
      (/\.[cm]?[jt]s$/.test(file) && !["server", "worker", "script"].includes(model.context(file)))
    )
      return [];
    const text = model.repo.read(file) ?? "";
    if (isMadeBySchema(model, file)) return [];
    const speaking = fitting.filter(({ about }) => about === undefined || about.test(text));
    return speaking.flatMap((dialect) =>
      columnsIn(text, dialect).map(({ name, line }) => matchOf(file, line, name, isFilled(model, name))),
    );
  });
}

/** Prisma writes its migrations from the schema, which has the column already. */
function isMadeBySchema({ repo }: Model, file: string): boolean {
  const [folder] = /^(.*\/)?prisma\/(?=migrations\/)/.exec(file) ?? [];
  return folder !== undefined && repo.files.some((each) => each.startsWith(folder) && each.endsWith(".prisma"));
}

/** Whether server code puts bytes under this name; a column that nothing fills does no harm. */
function isFilled(model: Model, name: string): boolean {
  const fills = new RegExp(
    `\\b${name}\\b["'\`]?\\s*[:=,][^\\n]*(\\.buffer\\b|readFile|Buffer\\.from|arrayBuffer|[iI]mageBuffer|[fF]ileBuffer|\\.data\\s*[,})]|base64|Uint8Array)|\\b(insert|update|INSERT|UPDATE)\\b[^;]{0,300}\\b${name}\\b`,
  );
  return model.repo.files.some(
    (file) =>
      model.summary(file) !== null && model.context(file) === "server" && fills.test(model.repo.read(file) ?? ""),
  );
}

function columnsIn(text: string, { column, within }: Dialect): { name: string; line: number }[] {
  const lines = text.split("\n");
  return lines.flatMap((content, index) => {
    const name = /^\s*(\/\/|--|\*)/.test(content) ? undefined : column.exec(content)?.[1];
    if (name === undefined || notOfFile.test(name)) return [];
    if (within !== undefined && !within.test(callAround(lines.slice(0, index).join("\n")))) return [];
    const near = lines.slice(Math.max(0, index - 6), index + 6).join("\n");
    const isFile =
      ofFile.test(name) ||
      (generic.test(name) &&
        (/content_?type|mime|file_?name|original_?name/i.test(near) ||
          ofFile.test(lines.slice(Math.max(0, index - 2), index).join("\n"))));
    return isFile ? [{ name, line: index + 1 }] : [];
  });
}

/** What stands before the innermost round bracket that is open at the end of a text; empty when none is. */
function callAround(text: string): string {
  let depth = 0;
  for (let index = text.length - 1; index >= 0; index--) {
    const sign = text.charAt(index);
    if (sign === ")") depth += 1;
    if (sign === "(" && depth === 0) return text.slice(Math.max(0, index - 200), index);
    if (sign === "(") depth -= 1;
  }
  return "";
}

function matchOf(file: string, line: number, name: string, isUsed: boolean): Match {
  return advice(
    "object-storage/binary-inline-in-json-or-db",
    { file, line },
    {
      confidence: isUsed ? "high" : "low",
      message: `\`${name}\` holds whole files inside rows: every query that reads the row carries them through the database, the process and the network, and backups grow by the gigabyte.`,
      anchor: `column ${name}`,
    },
  );
}
