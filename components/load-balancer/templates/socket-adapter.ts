/** Carries what is sent to all sockets, or to a room, to the other processes: through Redis. */
// @if nest
import { IoAdapter } from "@nestjs/platform-socket.io";
// @end
import { createAdapter } from "@socket.io/redis-adapter";
// @if own
__REDIS_IMPORT__;
// @end
// @if makesNode
import { createClient } from "redis";
// @end
// @if makesIo
import { Redis } from "ioredis";
// @end
// @if logger
__LOGGER_IMPORT__;
// @end

interface SocketServer {
  adapter(make: ReturnType<typeof createAdapter>): unknown;
}

// @if nest
/** The server of the gateways; see `app.useWebSocketAdapter()` where the app starts. */
export class SharedIoAdapter extends IoAdapter {
  override createIOServer(port: number, options?: Parameters<IoAdapter["createIOServer"]>[1]) {
    return reachAllProcesses(super.createIOServer(port, options));
  }
}

// @end
// @if own
/** While Redis is away, messages reach the users of this process only. */
// @end
// @if !own
/** Without __ADDRESS__, and while Redis is away, messages reach the users of this process only. */
// @end
__EXPORT__function reachAllProcesses<Io extends SocketServer>(io: Io): Io {
  // @if !own
  const url = process.env.__ADDRESS__;
  if (!url) {
    __INFO__("__ADDRESS__ is not set: live messages reach the users of this process only");
    return io;
  }
  // @end
  // @if node
  const listener = __LISTENER__;
  const sender = listener.duplicate({ disableOfflineQueue: true });
  // @end
  // @if !node
  const listener = __LISTENER__;
  const sender = listener.duplicate({ enableOfflineQueue: false });
  // @end
  let away = false;
  listener.on("error", (error: Error) => {
    if (!away) __ERROR_AWAY__;
    away = true;
  });
  listener.on("ready", () => {
    away = false;
  });
  sender.on("error", () => {
    // The listener has said so already.
  });
  // @if node
  for (const client of [listener, sender]) {
    client.connect().catch((error: Error) => {
      __ERROR_CONNECT__;
    });
  }
  // @end
  const publish = sender.publish.bind(sender);
  // The adapter waits for no answer: a message that Redis does not take must not end the process.
  Object.assign(sender, {
    publish: async (channel: string, message: string | Buffer) => {
      try {
        return await publish(channel, message);
      } catch {
        return 0;
      }
    },
  });
  io.adapter(createAdapter(sender, listener__KEY__));
  return io;
}
