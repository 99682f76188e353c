/** The database client in a class of Nest: one that it is given already, or one that Nest can be asked for. */
import type { Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { importOf } from "../../patches/editors/import-of.ts";
import type { ImportWish } from "../../patches/editors/imports.ts";
import { insert, type Source } from "../../patches/editors/source.ts";
import { typescript, type ts } from "../../patches/editors/typescript.ts";

export type NestDialect = "prisma" | "mongoose" | "typeorm";

export interface NestClient {
  /** `this.prisma`. */
  expression: string;
  wishes: ImportWish[];
  edits: Edit[];
}

/** Types by which classes are given a client, and the way from there to it. */
const types: Readonly<Record<NestDialect, readonly { type: RegExp; member: string }[]>> = {
  prisma: [{ type: /^\w*Prisma(Service|Client)$/, member: "" }],
  mongoose: [
    { type: /^Connection$/, member: "" },
    { type: /^Model<.*>$/s, member: ".db" },
  ],
  typeorm: [
    { type: /^(DataSource|EntityManager)$/, member: "" },
    { type: /^Repository<.*>$/s, member: ".manager" },
  ],
};

export function nestClient(
  source: Source,
  holder: ts.ClassLikeDeclaration,
  dialect: NestDialect,
  model: Model,
): NestClient | { obstacle: string } {
  const given = givenClient(source, holder, dialect, model);
  return given === null ? askedFor(source, holder, dialect, model) : { expression: given, wishes: [], edits: [] };
}

function constructorOf(holder: ts.ClassLikeDeclaration): ts.ConstructorDeclaration | null {
  const ts = typescript();
  return holder.members.find((member) => ts.isConstructorDeclaration(member)) ?? null;
}

function givenClient(
  source: Source,
  holder: ts.ClassLikeDeclaration,
  dialect: NestDialect,
  model: Model,
): string | null {
  const ts = typescript();
  const own = new Set(dialect === "prisma" ? prismaServices(source.file, model).map(({ type }) => type) : []);
  const parameters = [...(constructorOf(holder)?.parameters ?? [])];
  for (const { type, member } of types[dialect]) {
    const found = parameters.find((each) => {
      const text = each.type?.getText(source.tree) ?? "";
      return ts.isParameterPropertyDeclaration(each, each.parent) && (type.test(text) || own.has(text));
    });
    if (found !== undefined) return `this.${found.name.getText(source.tree)}${member}`;
  }
  return null;
}

/** One more parameter of the constructor, where Nest has what to put there. */
function askedFor(
  source: Source,
  holder: ts.ClassLikeDeclaration,
  dialect: NestDialect,
  model: Model,
): NestClient | { obstacle: string } {
  const name = holder.name?.text ?? "";
  const asked = dialect === "prisma" ? prismaService(source, name, model) : connectionOf(dialect);
  if (asked === null)
    return { obstacle: "its class is not given the database client, and its module could not be seen to have it" };
  if (isTested(name, model))
    return { obstacle: "its class is not given the database client, and tests put the class together themselves" };
  const at = parameterEdits(source, holder, `${asked.decorator}private readonly ${asked.name}: ${asked.type}`);
  const isTaken = holder.members.some((member) => member.name?.getText(source.tree) === asked.name);
  if (at === null || isTaken)
    return { obstacle: "its class is not given the database client, and its constructor leaves no place for it" };
  return { expression: `this.${asked.name}`, wishes: asked.wishes, edits: at };
}

interface Asked {
  name: string;
  type: string;
  decorator: string;
  wishes: ImportWish[];
}

/** What the modules of Mongoose and TypeORM give to every class, wherever it is. */
function connectionOf(dialect: "mongoose" | "typeorm"): Asked {
  if (dialect === "typeorm")
    return {
      name: "dataSource",
      type: "DataSource",
      decorator: "",
      wishes: [{ from: "typeorm", names: ["DataSource"] }],
    };
  return {
    name: "connection",
    type: "Connection",
    decorator: "@InjectConnection() ",
    wishes: [
      { from: "@nestjs/mongoose", names: ["InjectConnection"] },
      { from: "mongoose", names: ["Connection"] },
    ],
  };
}

/** The app's own Prisma service, where a module gives it to all classes or the class's own module has it. */
function prismaService(source: Source, name: string, model: Model): Asked | null {
  const service = model.service(source.file);
  const own = model.repo.files.filter((file) => file.endsWith(".ts") && model.service(file) === service);
  const read = (file: string): string => model.repo.read(file) ?? "";
  const [found, ...others] = prismaServices(source.file, model);
  if (found === undefined || others.length > 0) return null;
  const modules = own.filter((file) => file.endsWith(".module.ts")).map(read);
  const isForAll = modules.some((text) => /@Global\(\)/.test(text) && listed(text, "exports", found.type));
  const homes = modules.filter((text) => listed(text, "providers", name));
  const isAtHome = homes.length > 0 && homes.every((text) => listed(text, "providers", found.type));
  if (!isForAll && !isAtHome) return null;
  const { name: type, wish } = importOf(source, { file: found.file, exported: found.type, local: found.type });
  return { name: "prisma", type, decorator: "", wishes: wish === null ? [] : [wish] };
}

/** The app's classes that are a Prisma client. */
function prismaServices(file: string, model: Model): { file: string; type: string }[] {
  const service = model.service(file);
  return model.repo.files.flatMap((other) => {
    if (!/(prisma|database|db)[^/]*\.ts$/i.test(other) || model.service(other) !== service) return [];
    const type = /export class (\w+)\s+extends PrismaClient\b/.exec(model.repo.read(other) ?? "")?.[1];
    return type === undefined ? [] : [{ file: other, type }];
  });
}

/** Whether `exports: [...]` of a module holds the name. */
function listed(text: string, key: string, name: string): boolean {
  const list = new RegExp(`\\b${key}\\s*:\\s*\\[([^\\]]*)\\]`).exec(text)?.[1] ?? "";
  return list.split(/[^\w$]+/).includes(name);
}

function isTested(name: string, { repo }: Model): boolean {
  return repo.files.some((file) => /\.(test|spec|e2e-spec)\.ts$/.test(file) && (repo.read(file) ?? "").includes(name));
}

function parameterEdits(source: Source, holder: ts.ClassLikeDeclaration, parameter: string): Edit[] | null {
  const builder = constructorOf(holder);
  if (builder === null) {
    const [first] = holder.members;
    if (
      first === undefined ||
      holder.heritageClauses?.some((clause) => clause.getText().startsWith("extends")) === true
    )
      return null;
    const start = first.getStart(source.tree, true);
    const indent = /[ \t]*$/.exec(source.text.slice(0, start))?.[0] ?? "";
    return [insert(source, start, `constructor(${parameter}) {}\n\n${indent}`)];
  }
  const last = builder.parameters.at(-1);
  if (last === undefined) return null;
  const lead = source.text.slice(last.getFullStart(), last.getStart(source.tree));
  const gap = lead.includes("\n") ? (/\n[ \t]*$/.exec(lead)?.[0] ?? " ") : " ";
  return [insert(source, last.end, `,${gap}${parameter}`)];
}
