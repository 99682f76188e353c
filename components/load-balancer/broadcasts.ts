/** Looks for messages to all users that reach only those who are connected to the same process. */
import { callsIn } from "../../analyzers/code/calls-in.ts";
import { storedText } from "../../analyzers/state/cell-keys.ts";
import { cellsOf, type Cell } from "../../analyzers/state/cells.ts";
import { escaped, textOf } from "../../analyzers/code/text.ts";
import { isDevOnly } from "../../analyzers/code/dev-only.ts";
import { entriesBehind } from "../../analyzers/code/entries-behind.ts";
import type { CallSite, Model, Use } from "../../analyzers/model.ts";
import { severalOf } from "../../analyzers/deployment/replicas.ts";
import { advice, adviceOnCall, labelsOf, placesOf } from "../advice.ts";
import type { Confidence, Match } from "../finding.ts";
import { isSetUp } from "./set-up.ts";
import { speaksAcross } from "./speaks-across.ts";

const rule = "load-balancer/ws-local-broadcast";
export function localBroadcasts(model: Model): Match[] {
  if (speaksAcross(model)) return [];
  return [
    ...socketServers(model),
    ...gateways(model),
    ...subscriptions(model),
    ...plainSockets(model),
    ...eventStreams(model),
  ];
}

/** One per server that something is sent to all, or to a room, through. */
function socketServers(model: Model): Match[] {
  const made = servers(model);
  const sends = model.usesOf("socket.io:**").filter((use) => isBroadcast(model, use));
  return distinct(made)
    .filter(({ call }) => runs(model, call) && !hasAdapter(call) && isSetUp(model, call))
    .flatMap(({ call }) => {
      const own = sends.filter(
        ({ construction }) =>
          construction === null ||
          construction.id === call.id ||
          made.every((each) => each.call.id !== construction.id),
      );
      const [first] = own;
      if (first === undefined) return [];
      const entries = own.flatMap(({ call: send }) => model.reach(send).map(({ entry }) => entry));
      return [
        adviceOnCall(rule, call, {
          confidence: confidenceOf(model, call),
          message: `Messages to all or to a room are sent through this server alone (first at ${first.call.file}:${first.call.line}): with a second process, users who are connected to the other one never get them.`,
          also: placesOf(
            own.map((use) => use.call),
            call,
          ),
          routes: labelsOf(entries.filter(({ kind }) => kind === "route")),
          anchor: "socket.io server",
          fix: "patch",
        }),
      ];
    });
}

function servers(model: Model): Use[] {
  return ["socket.io:Server", "socket.io:", "socket.io:default"].flatMap((api) => model.usesOf(api));
}

/** The calls that make a Socket.IO server in code that runs. */
export function socketServerCalls(model: Model): CallSite[] {
  return distinct(servers(model)).flatMap(({ call }) => (runs(model, call) ? [call] : []));
}

function distinct(uses: readonly Use[]): Use[] {
  return [...new Map(uses.map((use) => [use.call.id, use])).values()];
}

function hasAdapter({ args }: CallSite): boolean {
  return args.some((arg) => arg.kind === "object" && arg.entries["adapter"] !== undefined);
}

/** `io.emit`, `io.to(room).emit`, `socket.broadcast.emit`, `socket.to(room).emit`; `socket.emit` only answers. */
function isBroadcast(model: Model, { api, call }: Use): boolean {
  if (!/\.(emit|send|write)$/.test(api) || model.context(call.file) !== "server") return false;
  if (/\.(to|in|of|except)\(\)|\.broadcast\b|\.sockets\.|\.volatile\.(to|in)/.test(api)) return true;
  return !/\.(on|once)\(\)/.test(api);
}

/** Gateways of Nest, one finding per service: the framework makes their server, and the adapter says how far it speaks. */
function gateways(model: Model): Match[] {
  const sends = distinct(model.usesOf("socket.io:Server().**"))
    .filter((use) => use.api.startsWith("socket.io:Server().") && isBroadcast(model, use))
    .filter(({ call }) => runs(model, call) && isCalled(model, call));
  const marks = distinct(model.usesOf("@nestjs/websockets:WebSocketGateway")).map(({ call }) => call);
  const heard = new Map<string, CallSite[]>();
  for (const mark of marks) {
    const root = model.service(mark.file)?.root ?? "";
    if (sends.some((send) => isOf(mark, send, model))) heard.set(root, [...(heard.get(root) ?? []), mark]);
  }
  return [...heard.values()].flatMap((own) => {
    const [first] = own;
    const send = sends.find((each) => first !== undefined && isOf(first, each, model));
    if (first === undefined || send === undefined) return [];
    const entries = sends.flatMap(({ call }) => model.reach(call).map(({ entry }) => entry));
    return [
      adviceOnCall(rule, first, {
        confidence: confidenceOf(model, first),
        message: `Messages to all or to a room are sent through this gateway's own server (first at ${send.call.file}:${send.call.line}): with a second process, users who are connected to the other one never get them.`,
        also: placesOf(own, first),
        routes: labelsOf(entries.filter(({ kind }) => kind === "route")),
        anchor: "websocket gateway",
        fix: "patch",
      }),
    ];
  });
}

/** Sent in the gateway's own file, or through the server that it lends to the rest of its service (`gateway.server`, `getServer()`). */
function isOf(mark: CallSite, { call, construction }: Use, model: Model): boolean {
  const isMade = construction !== null && servers(model).some((server) => server.call.id === construction.id);
  return call.file === mark.file || (!isMade && model.service(call.file) === model.service(mark.file));
}

/** Something runs it: an entry, or a call somewhere in the app. */
function isCalled(model: Model, call: CallSite): boolean {
  return model.reach(call).length > 0 || model.callers(call.fn).length > 0;
}

/** The `PubSub` that GraphQL servers come with: its own documentation says that it is for one process. */
const pubSubs = ["graphql-subscriptions", "apollo-server", "apollo-server-express", "apollo-server-fastify"].map(
  (name) => `${name}:PubSub`,
);

/** GraphQL subscriptions that hear only what is published in their own process, one finding per service. */
function subscriptions(model: Model): Match[] {
  const heard = new Map<string, CallSite[]>();
  for (const api of pubSubs) {
    const publishing = new Set(model.usesOf(`${api}().publish`).map(({ construction }) => construction?.id));
    const hearing = ["asyncIterator", "asyncIterableIterator", "subscribe"].flatMap((name) =>
      model.usesOf(`${api}().${name}`),
    );
    const both = new Set(
      hearing.flatMap(({ construction }) => construction?.id ?? []).filter((id) => publishing.has(id)),
    );
    for (const { call } of distinct(model.usesOf(api))) {
      const root = model.service(call.file)?.root ?? "";
      if (both.has(call.id) && runs(model, call)) heard.set(root, [...(heard.get(root) ?? []), call]);
    }
  }
  return [...heard.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const sends = model.usesOn(first).filter(({ api }) => api.endsWith(".publish"));
    const entries = sends.flatMap(({ call }) => model.reach(call).map(({ entry }) => entry));
    return [
      adviceOnCall(rule, first, {
        confidence: confidenceOf(model, first),
        message:
          "Subscriptions hear what is published in this process alone: with a second process, whoever is subscribed at the other one never gets it.",
        also: placesOf(own, first),
        routes: labelsOf(entries.filter(({ kind }) => kind === "route")),
        anchor: "graphql subscriptions",
      }),
    ];
  });
}

/** Servers of `ws`, whose clients are looped over to send. */
function plainSockets(model: Model): Match[] {
  const made = ["ws:Server", "ws:WebSocketServer", "ws:WebSocket.Server", "ws:default.Server"].flatMap((api) =>
    model.usesOf(api),
  );
  return distinct(made)
    .filter(({ call }) => runs(model, call))
    .flatMap(({ call }) => {
      const text = model.repo.read(call.file) ?? "";
      const loop = /\.clients\b[\s\S]{0,400}?\.send\(/.exec(text);
      const held = cellsOf(model).find(
        (cell) =>
          cell.file === call.file &&
          cell.changes.some((change) => /^(ws|socket|client|conn|connection)\b/.test(storedText(model, change))) &&
          loops(text, cell.name),
      );
      if (loop === null && held === undefined) return [];
      return [
        adviceOnCall(rule, call, {
          confidence: confidenceOf(model, call),
          message:
            "Messages are sent to the sockets of this process alone: with a second process, users who are connected to the other one never get them.",
          anchor: "ws server",
        }),
      ];
    });
}

function loops(text: string, name: string): boolean {
  const plain = escaped(name);
  return new RegExp(
    `(\\b${plain}(\\.values\\(\\))?\\.forEach\\(|of\\s+(Array\\.from\\()?${plain}\\b)[\\s\\S]{0,400}?\\.send\\(`,
  ).test(text);
}

/** Routes that keep the answer open and write into it when something happens in this process. */
function eventStreams(model: Model): Match[] {
  const held = cellsOf(model).flatMap((cell) => keptAnswers(model, cell));
  const listening = model
    .usesOf("node:events:**")
    .filter(({ api, call }) => /\.(on|addListener)$/.test(api) && runs(model, call));
  const seen = new Set<string>();
  const heard = listening.flatMap(({ call }) => {
    const fn = model.fn(call.fn);
    const routes = fn === null ? [] : entriesBehind(model, fn).filter(({ kind }) => kind === "route");
    const streams = fn !== null && /text\/event-stream/.test(textOf(model, fn));
    if (fn === null || routes.length === 0 || !streams || seen.has(fn.id)) return [];
    seen.add(fn.id);
    return [
      adviceOnCall(rule, call, {
        confidence: confidenceOf(model, call),
        message:
          "Live updates come from an event of this process: with a second process, whoever is connected to the other one never gets them.",
        routes: labelsOf(routes),
        also: placesOf(
          callsIn(model, fn).filter(({ line }) => line === fn.line),
          call,
        ),
        anchor: "event stream",
      }),
    ];
  });
  return [...heard, ...held];
}

/** Answers of streams that are kept in a list and written to one after the other. */
function keptAnswers(model: Model, cell: Cell): Match[] {
  const change = cell.changes.find(
    (each) =>
      each.how !== "drop" && /^(res|response|reply)\b|[{,]\s*(res|response|reply)\b/.test(storedText(model, each)),
  );
  const streams = change !== undefined && /text\/event-stream/.test(textOf(model, outermost(model, change.fn)));
  if (change === undefined || !streams) return [];
  const routes = labelsOf(entriesBehind(model, change.fn).filter(({ kind }) => kind === "route"));
  return [
    advice(rule, change, {
      confidence: confidenceOf(model, change),
      message:
        "Live updates are written to the connections of this process alone: with a second process, whoever is connected to the other one never gets them.",
      routes,
      also: placesOf([cell], change),
      anchor: cell.name,
    }),
  ];
}

function outermost(model: Model, fn: NonNullable<ReturnType<Model["fn"]>>): typeof fn {
  const parent = fn.parent === null ? null : model.fn(fn.parent);
  return parent === null || parent.isModule ? fn : outermost(model, parent);
}

function runs(model: Model, call: CallSite): boolean {
  return model.context(call.file) === "server" && !isDevOnly(model, call);
}

function confidenceOf(model: Model, { file }: { file: string }): Confidence {
  const service = model.service(file);
  return service !== null && severalOf(model, service) !== null ? "high" : "medium";
}
