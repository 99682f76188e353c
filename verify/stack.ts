/** The contract of a booted app: what the boot gives to the loads and the faults. */

/** One message that the mail sink accepted (answered 250 to its data). */
export interface Mail {
  from: string;
  to: string[];
  subject: string;
  messageId: string | null;
  receivedAt: number;
}

/** One request that left the app for another host and was answered by the stand-in. */
export interface OutsideRequest {
  host: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  /** Of its body: the same for the same body again. */
  digest: string;
  at: number;
  /** What the dial made of it: `answered`, `hung`, `error`, `reset`. */
  outcome: string;
}

export type Dial = "normal" | "hang" | "error" | "reset" | "slow" | "reject";

/** The world outside the app, played by the lab. Nothing leaves the machine. */
export interface Outside {
  mails(): readonly Mail[];
  /** Mail conversations that began but were not accepted. */
  openMails(): number;
  requests(): readonly OutsideRequest[];
  dialMail(dial: Dial, milliseconds?: number): void;
  /** `*` dials every host that has no dial of its own; `times` limits the fault to the first n requests. */
  dialHttp(host: string, dial: Dial, options?: { milliseconds?: number; times?: number }): void;
  /** All dials back to normal, hanging connections closed, records emptied. */
  reset(): void;
}

export interface Replica {
  index: number;
  pid: number;
  port: number;
  url: string;
  alive: boolean;
}

export interface Usage {
  /** User and system CPU time since start, all app processes together, milliseconds. */
  cpuMilliseconds: number;
  residentBytes: number;
}

/** A service beside the app that can be stopped and started again. */
export interface Backing {
  name: "redis";
  isUp(): boolean;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** A version of the app, running. */
export interface Stack {
  side: "before" | "after";
  /** The address users call: the load balancer, or the only replica. */
  url: string;
  replicas(): readonly Replica[];
  /** Names of the other process types that run (`worker`). */
  processes(): readonly string[];
  /** Those that are this side's own. */
  backing(): readonly Backing[];
  outside: Outside;
  /** What each part really is: "Postgres 18.4 (embedded)", "load balancer: nginx 1.22". */
  parts: readonly string[];
  kill(replica: number, signal: "SIGKILL" | "SIGTERM"): Promise<void>;
  /** Starts a replica again in its old place and waits until it takes requests. */
  restart(replica: number): Promise<void>;
  killProcess(name: string, signal: "SIGKILL" | "SIGTERM"): Promise<void>;
  startProcess(name: string): Promise<void>;
  usage(): Promise<Usage>;
  /** Database queries so far where the database can count them, null otherwise. */
  queries(): Promise<number | null>;
  /** The last lines the app printed, all processes, newest last. */
  log(lines: number): string[];
  /** Ends everything this stack started. Never throws; what would not end is named in the answer. */
  stop(): Promise<string[]>;
}
