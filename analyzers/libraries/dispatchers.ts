/** Buses: calls that run a method of whichever class a decorator has bound to what is sent. */
import { patternTable } from "../link/pattern.ts";

/** `by`: what binds them, the class of the thing sent or the name it is sent under. */
export interface Handling {
  api: string;
  bus: string;
  by: "class" | "name";
  /** The method that runs, for decorators of classes; null for decorators of the method itself. */
  method: string | null;
}

interface Sending {
  api: string;
  bus: string;
  by: Handling["by"];
  /** True when the caller gets the outcome and can wait for it. */
  answers: boolean;
}

const handlings: readonly Handling[] = [
  { api: "@nestjs/cqrs:CommandHandler", bus: "command", by: "class", method: "execute" },
  { api: "@nestjs/cqrs:QueryHandler", bus: "query", by: "class", method: "execute" },
  { api: "@nestjs/cqrs:EventsHandler", bus: "event", by: "class", method: "handle" },
  { api: "@nestjs/event-emitter:OnEvent", bus: "emitter", by: "name", method: null },
];

const EMITTERS = ["@nestjs/event-emitter:EventEmitter2()", "eventemitter2:EventEmitter2()", "eventemitter2:()"];

const sendings: readonly Sending[] = [
  { api: "@nestjs/cqrs:CommandBus().execute", bus: "command", by: "class", answers: true },
  { api: "@nestjs/cqrs:QueryBus().execute", bus: "query", by: "class", answers: true },
  { api: "@nestjs/cqrs:EventBus().publish", bus: "event", by: "class", answers: false },
  { api: "@nestjs/cqrs:EventBus().publishAll", bus: "event", by: "class", answers: false },
  { api: "@nestjs/cqrs:EventPublisher().**.apply", bus: "event", by: "class", answers: false },
  { api: "@nestjs/cqrs:AggregateRoot().apply", bus: "event", by: "class", answers: false },
  ...EMITTERS.flatMap((emitter): Sending[] => [
    { api: `${emitter}.emit`, bus: "emitter", by: "name", answers: false },
    { api: `${emitter}.emitAsync`, bus: "emitter", by: "name", answers: true },
  ]),
];

const findHandling = patternTable(handlings);
const findSending = patternTable(sendings);

/** How a decorator of this api binds a handler; null when it binds none. */
export function handlingOf(api: string): Handling | null {
  return findHandling(api);
}

/** How a call of this api reaches handlers; null when it reaches none. */
export function sendingOf(api: string): Sending | null {
  return findSending(api);
}
