/** Gives a Socket.IO server an adapter, through which it reaches the sockets of the other processes. */
import { posix } from "node:path";
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import { replicasOf } from "../../analyzers/deployment/replicas.ts";
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import { majorOf } from "../../analyzers/services/version-range.ts";
import { homeOf } from "../../patches/editors/homes.ts";
import { importStatement } from "../../patches/editors/import-of.ts";
import { addImport, freeName } from "../../patches/editors/imports.ts";
import { addDependency, installNote } from "../../patches/editors/package-json.ts";
import { insert, openSource, styleFor } from "../../patches/editors/source.ts";
import { specifierFor } from "../../patches/editors/specifier.ts";
import { afterCreation } from "../../patches/editors/after-creation.ts";
import type { Edit } from "../../patches/edit.ts";
import type { Source } from "../../patches/editors/source.ts";
import { newFile } from "../../patches/new-file.ts";
import type { Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { socketServerCalls } from "./broadcasts.ts";
import { giveToNest } from "./nest-sockets.ts";
import type { Outcome } from "./outcome.ts";
import { clientValues, type RedisAccess, redisAccess } from "../redis-access.ts";
import { writtenModule } from "./written-module.ts";

const exported = "reachAllProcesses";

/** 8.3 wants the adapter base of Socket.IO 4.7 and newer. */
const adapter = { name: "@socket.io/redis-adapter", version: "^8.3.0" };

export function mendBroadcast(finding: Finding, model: Model, templates: Templates): Outcome {
  const call = finding.call === null ? null : model.call(finding.call);
  const service = call === null ? null : model.service(call.file);
  if (call === null || service === null) return { cannot: "no package.json says which service this file belongs to" };
  const nest = finding.anchor === "websocket gateway";
  const cannot = obstacle(call, finding, model, service);
  if (cannot !== null) return { cannot };
  const redis = redisAccess(model, service);
  if ("cannot" in redis) return redis;
  const given = nest ? giveToNest(model, service) : giveToServer(call, model);
  if ("cannot" in given) return given;
  return {
    edits: [
      moduleEdit(given.file, { redis, nest }, model, service, templates),
      ...given.edits,
      ...addDependency(service, adapter.name, adapter.version),
      ...redis.edits,
    ],
    notes: notesFor(redis, service),
    env: redis.env,
    services: redis.services,
  };
}

type Given = { file: string; edits: Edit[] } | { cannot: string };

function giveToServer(call: CallSite, model: Model): Given {
  const source = openSource(model.repo, call.file);
  if (source === null) return { cannot: "the file could not be parsed" };
  const file = newFile(model.repo, posix.dirname(call.file), "socket-adapter", call.file);
  const name = freeName(source, exported);
  const given = giveAdapter(source, call, name);
  if (given === null) return { cannot: "no statement can follow the one that makes the server" };
  const from = specifierFor(source.file, file, source.style);
  return { file, edits: [...addImport(source, { from, names: [{ name: exported, as: name }] }), ...given] };
}

/** Why an adapter would do harm or nothing here; null when it helps. */
function obstacle(call: CallSite, finding: Finding, model: Model, service: Service): string | null {
  const nest = finding.anchor === "websocket gateway";
  if (!nest && finding.anchor !== "socket.io server")
    return "what is written is Socket.IO's own adapter, and this is not Socket.IO";
  if (!nest && majorOf(service.dependencies["socket.io"]) < 4)
    return `the adapter of today needs Socket.IO 4, and the app has ${service.dependencies["socket.io"] ?? "another"}`;
  if (isServerless(model, service)) return "the host runs functions, which hold no sockets open";
  const replicas = replicasOf(model, service);
  if (replicas.kind === "one")
    return `there can be no second process yet (${replicas.note}, ${replicas.file}:${replicas.line}), and alone this one reaches everybody`;
  if (nest) return null;
  const others = socketServerCalls(model).filter(
    ({ id, file }) => id !== call.id && model.service(file)?.root === service.root,
  );
  return others.length > 0
    ? `the app makes ${others.length + 1} servers, which need channels of their own (the adapter's option \`key\`)`
    : null;
}

/** `reachAllProcesses(io);` as soon as the server has its name; around the server where it has none. */
function giveAdapter(source: Source, call: CallSite, name: string): Edit[] | null {
  const after = afterCreation(source, call.span, /^(on|use|attach|listen)$/, (io) => `${name}(${io});`);
  if (after !== null) return [after];
  const home = homeOf(source, call.span, /^(on|use|attach|listen)$/);
  if (home === null || !("expression" in home)) return null;
  return [insert(source, home.expression.start, `${name}(`), insert(source, home.expression.end, ")")];
}

function moduleEdit(
  file: string,
  { redis, nest }: { redis: RedisAccess; nest: boolean },
  model: Model,
  service: Service,
  templates: Templates,
): Edit {
  const { own, library } = redis;
  const isLazy = own !== null && /\blazyConnect\b/.test(model.repo.read(own.file) ?? "");
  const waiting = library === "ioredis" ? `{ maxRetriesPerRequest: null${isLazy ? ", lazyConnect: false" : ""} }` : "";
  const made = library === "ioredis" ? `new Redis(url, ${waiting})` : "createClient({ url })";
  const values = {
    ...clientValues(redis),
    nest,
    EXPORT: nest ? "" : "export ",
    REDIS_IMPORT: own === null ? "" : importStatement(file, styleFor(model.repo, file), own),
    LISTENER: own === null ? made : `${own.local}.duplicate(${waiting})`,
    KEY: isAlone(model, service) ? "" : `, { key: ${JSON.stringify(`socket.io:${service.name}`)} }`,
  };
  return writtenModule(
    file,
    templates("socket-adapter.ts"),
    values,
    {
      ERROR_AWAY: "Redis is away, live messages stay in this process",
      ERROR_CONNECT: "Redis could not be reached for live messages",
    },
    { model, service },
  );
}

/** Servers of several services at one Redis would hear each other. */
function isAlone(model: Model, service: Service): boolean {
  return socketServerCalls(model).every(({ file }) => model.service(file)?.root === service.root);
}

function notesFor({ own, address }: RedisAccess, service: Service): string[] {
  return [
    installNote(service),
    own === null
      ? `Live messages go through Redis where ${address} is set, with the same address for every process; without it they stay in the process, and the log says so.`
      : "Live messages go through two more connections of the app's own Redis.",
    'Clients that begin with HTTP long-polling must come back to the same process: sticky sessions at the load balancer, or `transports: ["websocket"]` in the clients.',
    "Rooms and broadcasts now span all processes; what the code keeps in variables of its own (who is online, socket ids by user) does not.",
  ];
}
