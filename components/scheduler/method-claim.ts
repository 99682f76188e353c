/** Nest's schedules: the tick is claimed by a first line of the method, through the database client that its class is given. */
import { isPostgres } from "./claim-store.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { openSource, type Source } from "../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../patches/editors/typescript.ts";
import { nestClient, type NestClient, type NestDialect } from "./nest-client.ts";
import type { Schedule } from "./schedules.ts";

export interface MethodClaim {
  kind: "method";
  schedule: Schedule;
  seconds: number;
  dialect: NestDialect;
  client: NestClient;
  /** Where the method's first statement begins. */
  at: number;
}

export function methodClaim(schedule: Schedule, seconds: number, model: Model): MethodClaim | { obstacle: string } {
  const dialect = dialectOf(schedule.service, model);
  if (dialect === null)
    return { obstacle: "the claim is written for Prisma and TypeORM on Postgres, and for Mongoose" };
  const source = openSource(model.repo, schedule.call.file);
  const method = source === null ? null : methodAt(source, schedule);
  if (source === null || method === null) return { obstacle: "its method could not be found in the file" };
  const [first] = method.body?.statements ?? [];
  const ts = typescript();
  if (first === undefined || !(method.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false))
    return { obstacle: "its method is not async, so it cannot wait for a claim" };
  if (!/^(Promise<(void|any|unknown|undefined)>)?$/.test(method.type?.getText(source.tree) ?? ""))
    return { obstacle: "its method promises a value, and a copy that leaves the tick out has none" };
  const callers = schedule.fns
    .flatMap((id) => model.callers(id))
    .filter(({ file }) => model.context(file) === "server");
  if (callers.length > 0) return { obstacle: "other code calls its method as well, beside the ticks" };
  if (!ts.isClassLike(method.parent)) return { obstacle: "its method does not stand in a class" };
  const client = nestClient(source, method.parent, dialect, model);
  if ("obstacle" in client) return client;
  return { kind: "method", schedule, seconds, dialect, client, at: first.getStart(source.tree) };
}

function dialectOf(service: Service, model: Model): NestDialect | null {
  const has = (name: string): boolean => service.dependencies[name] !== undefined;
  if (has("mongoose") && !has("@prisma/client")) return "mongoose";
  if (!isPostgres(model, service)) return null;
  return has("@prisma/client") ? "prisma" : has("typeorm") ? "typeorm" : null;
}

function methodAt(source: Source, { call }: Schedule): ts.MethodDeclaration | null {
  const ts = typescript();
  for (const node of walk(source.tree)) {
    if (!ts.isDecorator(node) || !ts.isMethodDeclaration(node.parent)) continue;
    if (node.pos <= call.span.start && call.span.end <= node.end) return node.parent;
  }
  return null;
}
