/** Sets an adapter for the gateways of a Nest app where the app starts. */
import { posix } from "node:path";
import type { Model, Service } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { callAt } from "../../patches/editors/calls.ts";
import { addImport, freeName } from "../../patches/editors/imports.ts";
import { openSource } from "../../patches/editors/source.ts";
import { specifierFor } from "../../patches/editors/specifier.ts";
import { insertBefore, statementAt } from "../../patches/editors/statements.ts";
import { newFile } from "../../patches/new-file.ts";

const exported = "SharedIoAdapter";

export function giveToNest(model: Model, service: Service): { file: string; edits: Edit[] } | { cannot: string } {
  if (!("@nestjs/platform-socket.io" in service.dependencies))
    return { cannot: "its gateways do not run on Socket.IO" };
  const marks = model.usesOf("@nestjs/websockets:WebSocketGateway").filter(({ call }) => isOf(call.file));
  if (
    marks.some(
      ({
        call: {
          args: [first],
        },
      }) => first?.kind === "literal",
    )
  )
    return { cannot: "its gateways listen at ports of their own, whose servers need channels of their own" };
  const [listen, ...others] = model
    .usesOf("@nestjs/core:NestFactory.create().listen")
    .flatMap(({ call }) => (isOf(call.file) && model.context(call.file) === "server" ? [call] : []));
  const source = listen === undefined ? null : openSource(model.repo, listen.file);
  if (listen === undefined || others.length > 0 || source === null)
    return { cannot: "there is no single place where the Nest app begins to listen" };
  if (source.text.includes("useWebSocketAdapter"))
    return { cannot: `it sets a WebSocket adapter of its own (${source.file}), which only its author can extend` };
  const app = /^([\w$.]+)\.listen$/.exec(callAt(source, listen.span)?.callee ?? "")?.[1];
  const statement = statementAt(source, listen.span.start);
  if (app === undefined || statement === null) return { cannot: "the Nest app has no name where it begins to listen" };
  const file = newFile(model.repo, posix.dirname(source.file), "socket-adapter", source.file);
  const name = freeName(source, exported);
  const from = specifierFor(source.file, file, source.style);
  return {
    file,
    edits: [
      ...addImport(source, { from, names: [{ name: exported, as: name }] }),
      insertBefore(source, statement, `${app}.useWebSocketAdapter(new ${name}(${app}));`),
    ],
  };

  function isOf(path: string): boolean {
    return model.service(path)?.root === service.root;
  }
}
