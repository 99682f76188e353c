/** How many copies of a workload run, what keeps them when nodes are emptied, and how one leaves without losing a request. */
import type { Model, Service } from "../../../analyzers/model.ts";
import { answeringServices } from "../../../analyzers/serving/product.ts";
import { record } from "../../../analyzers/services/container-files.ts";
import { obstaclesToASecondCopy } from "../../second-copy.ts";
import { stoppingOf } from "../../stopping.ts";
import { type Case, type Change, type Gap, unknownRun } from "./case.ts";

export function copyGaps(each: Case): Gap[] {
  const { workload, main } = each;
  const { kind, isScaled, hasReasonForReplicas, replicas } = workload;
  if (kind !== "Deployment" || main.length === 0 || !answersUsers(each)) return [];
  const isSeveral = isScaled || (replicas ?? 1) > 1;
  return [
    ...(isSeveral || hasReasonForReplicas || replicas === 0 ? [] : [secondCopy(each)]),
    ...(isSeveral && !workload.hasBudget ? [budget(each)] : []),
    ...(isSeveral && !isScaled ? scaler(each, replicas ?? 1) : []),
    ...departure(each),
  ];
}

/** Names of what there should be one of, or as many as there is work for, whatever it listens on. */
const ofItsOwnKind = /schedul|cron|worker|beat|leader|singleton|consumer|listener|watcher|migrat|manager/i;

const ofMachines = /^\/(api\/)?(v\d+\/)?(health|ready|readiness|live|liveness|metrics|ping|status)/i;

/** Whether users' requests come to it; what only reports its health and its numbers does its work elsewhere. */
function answersUsers({ run, workload, model }: Case): boolean {
  if (run === null) return true;
  const { service } = run;
  return (
    !ofItsOwnKind.test(workload.name) &&
    answeringServices(model).includes(service) &&
    model.routes.some((route) => route.service === service.name && !ofMachines.test(route.path))
  );
}

function secondCopy(each: Case): Gap {
  const cannot = whyNotTwo(each);
  const scaled = scaling(each, 2);
  return {
    what: "a second replica",
    isGrave: false,
    why: "With one replica every restart is an outage.",
    mend:
      cannot === null
        ? {
            changes: [
              ...(scaled ?? [{ in: "spec" as const, set: { replicas: 2 }, drop: [] }]),
              { in: "beside", template: "budget.yaml", copies: 2 },
            ],
            notes: [
              "Two copies run from now on: nothing was found that ties the app to one process or one disk.",
              ...(scaled === null ? [] : notesOnScaling(each, 2)),
            ],
          }
        : { cannot },
  };
}

/** Why a second copy would break something; null when nothing speaks against it. */
function whyNotTwo({ run, workload, beside, model }: Case): string | null {
  if (run === null) return unknownRun;
  const single = workload.claims.find((claim) => !beside.some((found) => isShared(found, claim)));
  if (single !== undefined) return `the volume of its claim ${single} may be mounted on one node only`;
  const [first, ...others] = obstaclesOf(model, run.service);
  if (first === undefined) return null;
  const more = others.length === 0 ? "" : `, and ${others.length} more places like it`;
  return `${first.why} (${first.file}:${first.line})${more}`;
}

const known = new WeakMap<Model, Map<string, ReturnType<typeof obstaclesToASecondCopy>>>();

/** Asked by several workloads of one service. */
function obstaclesOf(model: Model, service: Service): ReturnType<typeof obstaclesToASecondCopy> {
  const found = known.get(model) ?? new Map<string, ReturnType<typeof obstaclesToASecondCopy>>();
  known.set(model, found);
  const obstacles = found.get(service.root) ?? obstaclesToASecondCopy(model, service);
  found.set(service.root, obstacles);
  return obstacles;
}

function isShared({ kind, name, spec }: Case["beside"][number], claim: string): boolean {
  return kind === "PersistentVolumeClaim" && name === claim && JSON.stringify(spec).includes('"ReadWriteMany"');
}

function budget({ run }: Case): Gap {
  return {
    what: "a disruption budget",
    isGrave: false,
    why: "Without a disruption budget all copies may be moved to other nodes at once.",
    mend:
      run === null
        ? { cannot: unknownRun }
        : { changes: [{ in: "beside", template: "budget.yaml", copies: 2 }], notes: [] },
  };
}

function scaler(each: Case, copies: number): Gap[] {
  const changes = scaling(each, copies);
  if (changes === null || whyNotTwo(each) !== null) return [];
  return [
    {
      what: "an autoscaler",
      isGrave: false,
      why: "With a fixed number of copies a rush ends in errors.",
      mend: { changes, notes: notesOnScaling(each, copies) },
    },
  ];
}

/**
 * Null where some container asks for no processor time, against which use could be measured, where several files say how many
 * run, and where open connections are the load.
 */
function scaling({ workload, own, run, model }: Case, copies: number): Change[] | null {
  const isMeasurable = workload.containers.every(
    (container) => container.cpuRequested || (own.includes(container) && !container.requests),
  );
  const [manifest, ...others] = workload.manifests;
  const isSaidHere = workload.counts === ("replicas" in (manifest?.spec ?? {}) ? 1 : 0);
  const isOfSockets = model.entries.some(
    ({ kind, file }) => kind === "socket" && model.service(file)?.root === run?.service.root,
  );
  if (!isMeasurable || others.length > 0 || !isSaidHere || isOfSockets) return null;
  return [
    { in: "spec", set: {}, drop: ["replicas"] },
    { in: "beside", template: "scaler.yaml", copies },
  ];
}

function notesOnScaling({ workload }: Case, copies: number): string[] {
  const pools = `At most ${copies * 2} copies of ${workload.name} run: the database has to take as many times its pool of connections.`;
  return [
    pools,
    ...(workload.replicas === null || workload.replicas < 2
      ? []
      : [
          `The autoscaler now says how many copies of ${workload.name} run. So that the number does not drop to one for a moment, take \`spec.replicas\` out by \`kubectl apply edit-last-applied deployment/${workload.name}\` before the manifest is applied.`,
        ]),
  ];
}

/** Whoever closes as soon as it is told to still gets requests for a moment, until every node knows that it goes. */
function departure({ run, main, body, model }: Case): Gap[] {
  const [container] = main;
  if (
    run === null ||
    container === undefined ||
    container.preStop ||
    record(body["lifecycle"])["preStop"] !== undefined
  )
    return [];
  if (stoppingOf(model, run.service) !== "at-once") return [];
  return [
    {
      what: "a pause before the stop",
      isGrave: false,
      why: "Requests are still sent to a pod for a moment after it was told to stop, and it takes none by then.",
      mend: {
        changes: [
          { in: "container", name: container.name, set: { lifecycle: { preStop: { sleep: { seconds: 5 } } } } },
        ],
        notes: ["The pause before the stop (`preStop.sleep`) needs Kubernetes 1.30 or later."],
      },
    },
  ];
}
