/** What proves that files have left the disk: a picture sent to one replica is fetched from all, after each started anew. */
import { posix } from "node:path";
import type { CallSite, Model, Route } from "../../analyzers/model.ts";
import { keptBeyondDisk } from "../../verify/designs/index.ts";
import type { Experiment, Scenario, Step, Subject } from "../../verify/experiment.ts";
import { bodyFields, plausibleBody } from "../../verify/scenarios/body.ts";
import { handingOut, type HandingOut } from "./move/handing-out.ts";
import { storageOf, storagesOf } from "./move/upload-folders.ts";
import { receiversOf, type Receiver } from "./receivers.ts";

export const experiments: readonly Experiment[] = [
  {
    ...keptBeyondDisk({
      id: "object-storage/sent-here-fetched-there",
      component: "object-storage",
      title: "A file sent to one copy of the app is fetched from another, after a restart of both",
      hypothesis:
        "Every file that was taken is there for everybody, whichever copy took it and however often they start.",
      sending,
    }),
    rules: ["object-storage/upload-to-local-disk"],
  },
];

/** A route without parameters that takes one picture, and the address at which the app hands out its folder. */
function sending(subject: Subject): Scenario | { cannot: string } {
  const model = subject.before;
  for (const receiver of receiversOf(model).filter(({ to }) => to === "disk")) {
    const route = receiver.routes.find(({ method, path }) => /^(POST|PUT|PATCH)$/.test(method) && !/[:*]/.test(path));
    const field = fieldOf(model, receiver);
    const address = addressOf(model, receiver);
    const account = accountOf(subject, receiver);
    if (route === undefined || field === null || address === null || account === null) continue;
    return scenario(model, route, field, address, account);
  }
  return {
    cannot:
      "No route is known that takes one file without parameters in its path, keeps it in a folder that the app hands out, and can be called.",
  };
}

function scenario(model: Model, route: Route, field: string, address: string, account: Account): Scenario {
  const headers = { ...account.headers, "content-type": "multipart/form-data; boundary=lab-form" };
  const upload: Step = {
    name: `${route.method} ${route.path}`,
    method: route.method,
    path: route.path,
    headers,
    body: form(field, plausibleBody(bodyFields(model, route))),
    // The name under which it is kept stands in the answer, behind the one that the user gave it.
    capture: { file: String.raw`text:[\w.-]+\.png` },
  };
  const read: Step = { name: `GET ${address}`, method: "GET", path: `${address}/{{file}}` };
  return {
    name: `${upload.name}, then ${read.name}`,
    role: "kept",
    before: [...account.steps, upload],
    measured: [read],
  };
}

/** Text fields, and a file that calls itself a picture. */
function form(field: string, fields: Readonly<Record<string, unknown>>): string {
  const texts = Object.entries(fields).filter(([name, value]) => name !== field && typeof value !== "object");
  const parts = [
    ...texts.map(([name, value]) => `content-disposition: form-data; name="${name}"\r\n\r\n${String(value)}`),
    `content-disposition: form-data; name="${field}"; filename="lab-{{unique}}.png"\r\ncontent-type: image/png\r\n\r\nA picture of the lab`,
  ];
  return `${parts.map((part) => `--lab-form\r\n${part}\r\n`).join("")}--lab-form--\r\n`;
}

/** `upload.single("photo")`, `FileInterceptor("photo", ...)`. */
function fieldOf(model: Model, { call, use }: Receiver): string | null {
  const names = use.api.startsWith("@nestjs/")
    ? [call.args[0]]
    : model.usesOn(call).flatMap(({ api, call: on }) => (/\.(single|array)$/.test(api) ? [on.args[0]] : []));
  const [name] = names.flatMap((each) =>
    each?.kind === "literal" && typeof each.value === "string" ? [each.value] : [],
  );
  return name ?? null;
}

/** Where the folder is handed out: `/uploads`; null where files lie deeper than is known, or nowhere. */
function addressOf(model: Model, { call }: Receiver): string | null {
  const service = model.service(call.file);
  if (service === null) return null;
  const storage = storageOf(model, storagesOf(model, service), call.id);
  if (storage?.folders === undefined || storage.folders === null || storage.isDeeper) return null;
  const handing = handingOut(model, service, storage.folders);
  if (!Array.isArray(handing)) return null;
  const [address] = handing.map((each) => posix.join("/", mountOf(model, each), each.inner));
  return address === undefined ? null : address.replace(/\/$/, "");
}

function mountOf(model: Model, { call, form }: HandingOut): string {
  const options = form === "assets" ? call.args[1] : undefined;
  const prefix = options?.kind === "object" ? options.entries["prefix"] : undefined;
  if (prefix?.kind === "literal") return String(prefix.value);
  const user = model.usesOf("express:**").find(({ api, call: outer }) => api.endsWith(".use") && holds(outer, call));
  const [path] = user?.call.args ?? [];
  return path?.kind === "literal" ? String(path.value) : "";
}

function holds(outer: CallSite, { file, span }: CallSite): boolean {
  return outer.file === file && outer.span.start <= span.start && span.end <= outer.span.end;
}

interface Account {
  steps: Step[];
  headers: Record<string, string>;
}

/** How the other scenarios sign in; null where one has to, and none does. */
function accountOf({ scenarios }: Subject, { audience }: Receiver): Account | null {
  if (audience === "anyone") return { steps: [], headers: {} };
  const signedIn = scenarios.find(({ before }) => before.length > 0);
  if (signedIn === undefined) return null;
  const token = signedIn.measured.find(({ headers }) => headers?.["authorization"] !== undefined)?.headers ?? {};
  return { steps: signedIn.before, headers: token };
}
