/** Apps that Fastify's own command starts: it makes the server, listens, and closes it when it is told to stop. */
import type { Service } from "../model.ts";
import { launches } from "../services/command.ts";

/** `fastify start app.js` (fastify-cli uses close-with-grace, so SIGTERM lets requests end). */
export function startsByCli({ start }: Service): boolean {
  return launches(start ?? "").some(
    (each) => each.kind === "tool" && each.tool === "fastify" && each.args[0] === "start",
  );
}
