/** What has to be done by hand, with the constraints that hold for it. */
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";

type Words = Pick<Brief, "constraints" | "acceptance"> & { why: string };

/** What is said where a recipe could have written something and did not. */
const byRule: Readonly<Record<string, Words>> = {
  "load-balancer/in-memory-session": {
    why: "The logins were left where they are because",
    constraints: [
      "A store that every process reaches: the app's Redis or its database, never a second one beside it.",
      "Sessions expire there by themselves, as their cookies do; cookies and what is in a session stay as they are.",
      "While the store is away, pages that need no login are still served.",
    ],
    acceptance: "Who logs in at one process is known to the other one, and still known after a restart of both.",
  },
  "load-balancer/ws-local-broadcast": {
    why: "The live messages were left as they are because",
    constraints: [
      "Each process publishes what it sends to all, or to a room, on a channel that all of them hear (Redis publish and subscribe, LISTEN and NOTIFY of Postgres), and sends what it hears to its own sockets only.",
      "Redis wants a connection of its own for listening; answers to one socket stay local.",
      "Rejections of `publish` are caught: while Redis is away, messages reach the users of the same process, and the app goes on.",
      "HTTP long-polling of Socket.IO needs sticky sessions at the load balancer, whatever the adapter.",
    ],
    acceptance: "A message sent through one process arrives at a client that is connected to the other, once.",
  },
  "load-balancer/trust-proxy-missing": {
    why: "The setting was not made because",
    constraints: [
      "`trust proxy` is the number of proxies before the app, or their addresses, never `true`.",
      "It is set before the first middleware that reads the address.",
    ],
    acceptance:
      "Behind the proxy two clients have two addresses, and a client that sends X-Forwarded-For itself is not believed.",
  },
  "load-balancer/keep-alive-shorter-than-proxy": {
    why: "The setting was not made because",
    constraints: [
      "`keepAliveTimeout` of the server that listens is above the proxy's idle time: 65 seconds behind an AWS load balancer, 76 behind nginx.",
    ],
    acceptance: "A connection through the proxy that was idle for 70 seconds still answers.",
  },
  "load-balancer/single-instance": {
    why: "No proxy was put before the app because",
    constraints: [
      "One proxy (Caddy, or the one that is there) is the only service with published ports; what it passes on is reached by `expose` alone, databases at most from 127.0.0.1.",
      "It sets X-Forwarded-For anew, bounds headers and bodies, tries the next copy where one cannot be reached, and repeats only GET and HEAD once they were sent.",
      "It lets go of idle connections to the app before the app does, and has no limit of time on event streams and sockets.",
      "Two copies only when nothing is left in the memory and on the disk of one, and no clock runs in both.",
    ],
    acceptance: "One copy is stopped under load and no GET fails; nothing but the proxy answers from outside.",
  },
};

const byHand: Readonly<Record<string, Words>> = {
  "load-balancer/sqlite-on-local-disk": {
    why: "Moving a database is a decision with data in it, so no patch was written.",
    constraints: [
      "The same queries against a database that is a service (Postgres, or a hosted SQLite such as Turso); the schema as a migration.",
      "The data is copied once while nobody writes, and counted on both sides.",
      "Until then: a disk that stays, a backup that was once restored, exactly one instance.",
    ],
    acceptance: "Two processes on two machines see each other's writes.",
  },
  "load-balancer/single-instance": {
    why: "A second instance is safe only once nothing is left in the memory and on the disk of the first, so no patch was written.",
    constraints: [
      "First the other findings of this part: logins, live messages, state in memory, files on disk, jobs that must run once.",
      "Then two instances, with a health check before each and time to finish requests when one is replaced.",
      "On a server of one's own a proxy (Caddy or nginx) spreads the requests; hosts and clusters do it themselves.",
    ],
    acceptance: "One instance is stopped under load and no request is lost.",
  },
};

export function briefFor(finding: Finding, cannot: string | null): Brief {
  const where = { file: finding.file, line: finding.line };
  if (finding.rule === "load-balancer/in-memory-state-shared")
    return { findingId: finding.id, where, ...stateWords(finding) };
  const inOrder = cannot === null ? [byHand, byRule] : [byRule, byHand];
  const words = inOrder.flatMap((table) => table[finding.rule] ?? [])[0] ?? otherwise;
  const why = cannot === null ? words.why : `${words.why} ${cannot}.`;
  return { findingId: finding.id, where, ...words, why };
}

const otherwise: Words = {
  why: "No patch was written for this.",
  constraints: ["What one process knows, the other one must know, too."],
  acceptance: "A new assessment does not report it.",
};

/** Behind the proxy there is one copy, and something in the way of a second. */
export function oneCopyBrief({ id, file, line }: Finding, obstacle: string): Brief {
  return {
    findingId: id,
    where: { file, line },
    why: `One copy runs behind the proxy, because a second one would break the app: ${obstacle}.`,
    constraints: [
      "Mend that first: what one copy keeps in its memory or on its disk, the other one does not have, and both do what each does by the clock.",
      "Then `replicas: 2` in the compose file is all there is to it: the proxy finds the copies by the service's name.",
    ],
    acceptance: "With two copies, one is stopped under load and no request is lost; who is logged in stays so.",
  };
}

interface Kind extends Pick<Brief, "constraints" | "acceptance"> {
  name: RegExp;
}

/** What such variables are called, and what holds for each sort. */
const kinds: readonly Kind[] = [
  {
    name: /otp|code|token|ticket|nonce|challenge|verif|reset|magic|pending/i,
    constraints: [
      "One key per code in the shared store, which expires by itself (`SET key value EX seconds`), with the time that the code has today.",
      "It is taken out in one step when it is used (`GETDEL`), so that two processes cannot both accept it; failed attempts are counted there, too.",
    ],
    acceptance:
      "A code that was asked for at one process is accepted at the other, once, and no longer after its time.",
  },
  {
    name: /rate|limit|attempt|count|hits|throttle|quota|usage/i,
    constraints: [
      "Count in one step in the shared store (`INCR`, with `EXPIRE` when it is new), never read, add and write.",
      "Decide what holds while the store is away: for limits, requests pass.",
    ],
    acceptance: "Ten attempts spread over two processes count as ten.",
  },
  {
    name: /online|socket|client|presence|user_?map|active|connect|room|lobby|player/i,
    constraints: [
      "Sockets themselves stay in the process that holds them; who is online is kept in the shared store, with a time that each process renews and that ends by itself when a process dies.",
      "With Socket.IO: a room per user (`socket.join(userId)`, `io.to(userId).emit()`) and an adapter make a map from users to socket ids unnecessary.",
    ],
    acceptance:
      "A user who is connected to one process is seen as online, and reached, from the other; when that process is killed he is offline within a minute.",
  },
  {
    name: /cache|memo/i,
    constraints: [
      "A cache that may be older in one process than in another may stay, with a time after which it is read anew; where a write must show at once, it is kept in the shared store and dropped by the write.",
    ],
    acceptance: "A change made through one process shows at the other within the time that the code says.",
  },
];

function stateWords({ message, anchor }: Finding): Words {
  const kind = kinds.find(({ name }) => name.test(anchor));
  return {
    why: "What reads and changes it would have to wait for a store, which changes every function on the way, so no patch was written.",
    constraints: [
      ...(kind?.constraints ?? [
        "Keep it in the database where it must not be lost, in Redis with a time to live where it may.",
        "Changes are one step in the store (an update with its condition), never read, change and write back.",
      ]),
      "What is kept is plain JSON; functions, timers and sockets stay in the process.",
    ],
    acceptance:
      kind?.acceptance ?? `What was left through one process is found at the other, also after a restart. (${message})`,
  };
}
