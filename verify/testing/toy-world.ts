/** A mail server that is played in memory: dials, open conversations, accepted mails. For the lab's own tests. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Mail, Outside } from "../stack.ts";

export interface ToyWorld {
  outside: Outside;
  /** Holds a mail conversation; true once the mail is accepted. `signal` is the death of the sending process. */
  deliver(to: string, subject: string, signal: AbortSignal): Promise<boolean>;
}

export function toyWorld(): ToyWorld {
  let mails: Mail[] = [];
  let open = 0;
  let dial: { dial: string; milliseconds: number } = { dial: "normal", milliseconds: 2 };
  let ending = new AbortController();
  return {
    outside: {
      mails: () => mails,
      openMails: () => open,
      requests: () => [],
      dialMail: (name, milliseconds = 300) => (dial = { dial: name, milliseconds }),
      dialHttp: () => {},
      reset() {
        mails = [];
        dial = { dial: "normal", milliseconds: 2 };
        ending.abort();
        ending = new AbortController();
      },
    },
    async deliver(to, subject, signal) {
      open += 1;
      try {
        const wait = dial.dial === "hang" ? 60_000 : dial.dial === "slow" ? dial.milliseconds : 2;
        await sleep(wait, undefined, { signal: AbortSignal.any([signal, ending.signal]) });
        if (dial.dial === "reject") return false;
        mails.push({ from: "shop@example.com", to: [to], subject, messageId: null, receivedAt: Date.now() });
        return true;
      } catch {
        return false;
      } finally {
        open -= 1;
      }
    },
  };
}
