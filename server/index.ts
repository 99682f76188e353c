/** The MCP server's door: stdio. */
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { createServer, offered } from "./server.ts";
import type { ServerOptions } from "./session.ts";
import { tools } from "./tools.ts";

export type { ServerOptions } from "./session.ts";

/** Serves until the client closes stdin or the process is told to stop; then ends every run. Throws `RangeError` for tools that do not exist or when none is left. */
export async function serve(options: Partial<ServerOptions>): Promise<void> {
  const complete: ServerOptions = { root: null, readOnly: false, tools: null, ...options };
  refuseUnknown(complete.tools ?? []);
  if (offered(complete).length === 0) throw new RangeError("No tool is left: --tools names none that is allowed.");
  keepStdoutForTheProtocol();
  const { session, connectable } = createServer(complete);
  const handle = serveStdio(connectable);
  await stopRequested();
  await session.runs.close();
  await handle.close();
}

function refuseUnknown(names: readonly string[]): void {
  const known = tools.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new RangeError(`There is no tool ${unknown.join(", ")}. There are: ${known.join(", ")}.`);
}

/** Whatever a dependency prints belongs on stderr: one stray line on stdout ends the conversation with the client. */
function keepStdoutForTheProtocol(): void {
  for (const method of ["log", "info", "debug", "dir", "table"] as const) console[method] = console.error;
}

function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    process.stdin.once("end", resolve).once("close", resolve);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
}
