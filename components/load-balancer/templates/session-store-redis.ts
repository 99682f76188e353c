/** Where sessions are kept: in Redis, which every process knows and no restart empties. */
import { RedisStore } from "connect-redis";
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

// @if !own
/** Nothing without __ADDRESS__: sessions are then kept in the memory of this process. */
// @end
// @if own
/** In the app's own Redis. */
// @end
export function openSessionStore()__RETURNS__ {
  // @if !own
  const url = process.env.__ADDRESS__;
  if (!url) {
    __INFO__("__ADDRESS__ is not set: sessions are kept in this process and end with it");
    return undefined;
  }
  const redis = __CLIENT__;
  // @end
  const store = new RedisStore({ client: __LOCAL__ });
  let away = false;
  __LOCAL__.on("error", (error: Error) => {
    if (!away) __ERROR_AWAY__;
    away = true;
    // @if express
    // Requests then go on without a session instead of waiting for it.
    store.emit("disconnect");
    // @end
  });
  __LOCAL__.on("ready", () => {
    away = false;
    // @if express
    store.emit("connect");
    // @end
  });
  // @if connects
  redis.connect().catch((error: Error) => {
    __ERROR_CONNECT__;
  });
  // @end
  return store;
}
