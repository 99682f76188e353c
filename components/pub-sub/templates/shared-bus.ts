/** An event bus for every process of the app, by Redis; for its own alone without __ADDRESS__. */
import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
// @if ioredis
import { Redis } from "ioredis";
// @end
// @if !ioredis
import { createClient } from "redis";
// @end

const self = randomUUID();
// @if ioredis
const clients: Redis[] = [];
// @end
// @if !ioredis
const clients: { close(): Promise<void> }[] = [];
// @end

/**
 * Events are heard in this process at once, and in the others as JSON: what they carry has to
 * survive that.
 */
export class SharedBus extends EventEmitter {
  publish: ((event: string) => void) | null;

  constructor(channel: string) {
    super();
    this.publish = connect(channel, (name, args) => super.emit(name, ...args));
  }

  override emit(name: string | symbol, ...args: unknown[]): boolean {
    // Errors and listeners are matters of the process itself.
    if (typeof name === "string" && !/^(error|newListener|removeListener)$/.test(name)) {
      this.publish?.(JSON.stringify({ from: self, name, args }));
    }
    return super.emit(name, ...args);
  }
}

/** For the end of the process. */
export async function closeSharedBuses(): Promise<void> {
  // @if ioredis
  await Promise.allSettled(clients.map((client) => client.quit()));
  // @end
  // @if !ioredis
  await Promise.allSettled(clients.map((client) => client.close()));
  // @end
}

type Hear = (name: string, args: unknown[]) => void;

function connect(channel: string, hear: Hear): SharedBus["publish"] {
  const url = process.env.__ADDRESS__;
  if (!url) {
    console.log(`Events of ${channel} stay in this process: __ADDRESS__ is not set`);
    return null;
  }
  const fail = (error: Error) =>
    console.error(`Events of ${channel} end at this process:`, error.message);
  const receive = (text: string) => {
    const { from, name, args } = JSON.parse(text);
    if (from !== self) hear(name, args);
  };
  // @if ioredis
  const publisher = new Redis(url, { enableOfflineQueue: false });
  const subscriber = new Redis(url);
  for (const client of [publisher, subscriber]) client.on("error", fail);
  subscriber.on("message", (_, text) => receive(text));
  subscriber.subscribe(channel).catch(fail);
  clients.push(publisher, subscriber);
  // @end
  // @if !ioredis
  const publisher = createClient({ url, disableOfflineQueue: true });
  const subscriber = createClient({ url });
  for (const client of [publisher, subscriber]) client.on("error", fail);
  publisher.connect().catch(fail);
  subscriber
    .connect()
    .then(() => subscriber.subscribe(channel, receive))
    .catch(fail);
  clients.push(publisher, subscriber);
  // @end
  // While Redis is down, events are heard in this process alone.
  return (event) => void publisher.publish(channel, event).catch(fail);
}
