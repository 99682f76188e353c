/** Kills and restarts the stack's processes while the load runs. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Stack } from "../stack.ts";
import type { ProcessFault } from "./dials.ts";

/** What a fault needs to see of the load in order to strike at the right moment. */
export interface LoadView {
  /** True once every request of a `once` load has left its client. */
  isAllSent(): boolean;
}

/** `struck: false`: the moment never came, so a run without the fault proves nothing. */
export type Struck = { struck: true; note: string } | { struck: false; reason: string };

const patienceForJob = 10_000;
/** Time between two restarts, for the balancer to see the replica come back. */
const pause = 500;

/** Ends when the fault has run its course. Rejects when the stack will not start a process again. */
export async function strike(stack: Stack, fault: ProcessFault, load: LoadView, signal: AbortSignal): Promise<Struck> {
  if (fault.kind === "kill-worker") return killMidJob(stack, fault.signal, load, signal);
  await sleep(fault.afterSeconds * 1000, undefined, { signal });
  if (fault.kind === "stop-backing") return stopBacking(stack, fault.backing);
  return fault.kind === "kill-replica" ? killReplica(stack, fault.signal) : restartInTurn(stack, signal);
}

async function stopBacking(stack: Stack, name: string): Promise<Struck> {
  const victim = stack.backing().find((each) => each.name === name);
  if (!victim) return { struck: false, reason: `the app runs without ${name}, so that it could not be stopped` };
  await victim.stop();
  return { struck: true, note: `${name} was stopped and stayed down` };
}

async function killReplica(stack: Stack, how: "SIGKILL" | "SIGTERM"): Promise<Struck> {
  const victim = stack.replicas().find(({ alive }) => alive);
  if (!victim) return { struck: false, reason: "no replica was alive to be killed" };
  await stack.kill(victim.index, how);
  return { struck: true, note: `replica ${victim.index + 1} got ${how}` };
}

async function restartInTurn(stack: Stack, signal: AbortSignal): Promise<Struck> {
  const indexes = stack.replicas().map(({ index }) => index);
  for (const index of indexes) {
    signal.throwIfAborted();
    await stack.kill(index, "SIGTERM");
    await stack.restart(index);
    await sleep(pause, undefined, { signal });
  }
  return { struck: true, note: `${indexes.length} replicas got SIGTERM and were started again, one after the other` };
}

/** Starts what a fault, or a crash, left dead. Names what died without being asked to. */
export async function restore(stack: Stack): Promise<string[]> {
  for (const backing of stack.backing()) if (!backing.isUp()) await backing.start();
  const dead = stack.replicas().filter(({ alive }) => !alive);
  for (const { index } of dead) await stack.restart(index);
  return dead.map(({ index }) => `replica ${index + 1} was down at the end and was started again`);
}

/**
 * The process that does the work is the worker where the app has one, else the replica that answers the request;
 * both are killed at the same moment of the same work: while a mail conversation is open.
 */
async function killMidJob(stack: Stack, how: "SIGKILL", load: LoadView, signal: AbortSignal): Promise<Struck> {
  const given = performance.now() + patienceForJob;
  while (!load.isAllSent() || stack.outside.openMails() === 0) {
    if (performance.now() > given) return { struck: false, reason: "no mail conversation was ever open to be cut" };
    await sleep(5, undefined, { signal });
  }
  const note = await killWorking(stack, how, signal);
  // The slowness held every mail back until the strike; what is left of the work goes on.
  stack.outside.dialMail("normal");
  return note;
}

async function killWorking(stack: Stack, how: "SIGKILL", signal: AbortSignal): Promise<Struck> {
  const names = stack.processes();
  const worker = names.find((name) => /worker|job|queue/i.test(name)) ?? names[0];
  if (worker !== undefined) {
    await stack.killProcess(worker, how);
    await sleep(pause, undefined, { signal });
    await stack.startProcess(worker);
    return { struck: true, note: `process ${worker} got ${how} in mid-job and was started again` };
  }
  const [replica] = stack.replicas();
  if (!replica) return { struck: false, reason: "no process was running to be killed" };
  await stack.kill(replica.index, how);
  await sleep(pause, undefined, { signal });
  await stack.restart(replica.index);
  return {
    struck: true,
    note: `the app has no worker: replica ${replica.index + 1} got ${how} in mid-work and was started again`,
  };
}
