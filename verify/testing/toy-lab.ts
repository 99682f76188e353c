/** The toy shop's scenarios, and the ready-made experiments in short windows. For the lab's own tests. */
import type { Model } from "../../analyzers/model.ts";
import {
  hungMail,
  killReplica,
  rateLimitBites,
  rollingRestart,
  steadyLoad,
  workerKilledMidJob,
  type Claim,
} from "../designs/index.ts";
import type { Experiment, Scenario } from "../experiment.ts";
import type { Verification, VerifyRequest } from "../verification.ts";
import { verifyOn } from "../verify.ts";
import type { ToyTraits } from "./toy-app.ts";
import { toyModel } from "./toy-model.ts";
import { toyRuntime } from "./toy-stack.ts";

const signUp = { name: "sign up", method: "POST", path: "/sign-up", body: "{{unique}}", capture: { token: "/token" } };
const scenarios: Scenario[] = [
  { name: "look", role: "read", before: [], measured: [{ name: "items", method: "GET", path: "/items" }] },
  {
    name: "log in",
    role: "login",
    before: [signUp],
    measured: [{ name: "log in", method: "POST", path: "/login", body: "{{unique}}" }],
  },
  {
    name: "buy",
    role: "checkout",
    before: [signUp],
    measured: [
      {
        name: "checkout",
        method: "POST",
        path: "/checkout",
        headers: { "x-mail": "{{unique}}@example.com" },
        body: {},
      },
    ],
  },
];
const model: Model = toyModel([
  { method: "GET", path: "/items", reaches: [] },
  { method: "POST", path: "/login", reaches: [] },
  { method: "POST", path: "/checkout", reaches: ["mail"] },
]);

export function claim(id: string): Claim {
  return { id, component: "toy", title: id, hypothesis: `${id} holds` };
}

export const experiments = {
  hung: short(hungMail({ ...claim("toy/hung-mail"), role: "checkout", withinMilliseconds: 500 }), 1),
  worker: short(workerKilledMidJob({ ...claim("toy/worker-killed"), settleSeconds: 3 })),
  rolling: short(rollingRestart({ ...claim("toy/rolling-restart"), role: "checkout" })),
  kill: short(killReplica({ ...claim("toy/kill") })),
  limit: short(rateLimitBites({ ...claim("toy/rate-limit"), attack: "login" })),
  steady: short(steadyLoad({ ...claim("toy/steady"), perSecond: 60, tolerance: 2 })),
};

/** The same design in less time: shorter windows, an impatient client. */
export function short(experiment: Experiment, patienceSeconds = 2): Experiment {
  return {
    ...experiment,
    design(subject) {
      const design = experiment.design(subject);
      if ("cannot" in design) return design;
      const workloads = design.workloads.map((workload) =>
        workload.load.kind === "open"
          ? { ...workload, load: { ...workload.load, perSecond: Math.max(24, workload.load.perSecond), seconds: 1 } }
          : workload,
      );
      const faults = design.faults.map((fault) => ("afterSeconds" in fault ? { ...fault, afterSeconds: 0.3 } : fault));
      return { ...design, workloads, faults, patienceSeconds };
    },
  };
}

/** One verification of toys. */
export function verifyToys(
  before: Partial<ToyTraits> | string,
  after: Partial<ToyTraits> | string,
  wishes: Pick<VerifyRequest, "experiments"> & Partial<VerifyRequest>,
): Promise<Verification> {
  return verifyOn(toyRuntime({ before, after }), {
    before: { root: "/nowhere" },
    after: { changes: new Map() },
    models: { before: model, after: model },
    scenarios,
    ...wishes,
  });
}

/** `word: reason` by experiment. */
export function saidBy({ verdicts }: Verification): Record<string, string> {
  return Object.fromEntries(verdicts.map(({ experiment, verdict, reason }) => [experiment, `${verdict}: ${reason}`]));
}
