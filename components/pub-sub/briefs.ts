/** What the coding agent is told where only somebody who knows the app may carry its events. */
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";

export function busBrief({ id, file, line, message }: Finding, cannot: string): Brief {
  return {
    findingId: id,
    where: { file, line },
    why: `${message} No patch was written because ${cannot}.`,
    constraints: [
      "Listeners that show something (a stream, a socket) hear the event in every process, by Redis or the database.",
      "Listeners that do something (send, charge, store) run once for each event: give them to a queue.",
      "While the carrier is down, the process itself goes on hearing its own events.",
    ],
    acceptance:
      "With two processes, an event of one is heard in the other, and what must happen once for it has happened once.",
  };
}

export function fanoutBrief({ id, file, line, message }: Finding): Brief {
  return {
    findingId: id,
    where: { file, line },
    why: message,
    constraints: [
      "The event is stored in the transaction that makes it true (the order, the user), so that neither is there without the other.",
      "Each listener has a job of its own, with retries: the queue component writes the jobs and their worker (`-c queue`).",
      "A listener may run twice: it looks first whether its work is done.",
      "The answer of the route stays what it is.",
    ],
    acceptance:
      "With one of the outside services hanging, the request answers in normal time; once it is back, everything that belongs to the event has happened exactly once.",
  };
}
