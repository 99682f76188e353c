/** The two things every listener of the lab needs: its port, and an end that waits for nobody. */
import type { Server, Socket } from "node:net";

/** The port of a server that listens on TCP; 0 when it does not. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Closes the server and every connection it has. */
export async function closeServer(server: Server, sockets: Iterable<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  for (const socket of sockets) socket.destroy();
  await closed;
}
