/** How versions of the app come to run: the seam between the lab's experiments and the boot of processes. */
import type { Service } from "../analyzers/model.ts";
import { bootStack, LabError, openLab, prepare, type Lab, type Prepared } from "./boot/index.ts";
import type { Topology } from "./experiment.ts";
import type { Stack } from "./stack.ts";
import type { BootReport, VerifyRequest } from "./verification.ts";
import type { Workspace } from "./workspace/prepare.ts";

export type Side = "before" | "after";
export type Booted = { ok: true; stack: Stack } | Extract<BootReport, { ok: false }>;

export interface Runtime {
  /** Boots one side; a side that will not boot is a value. Rejects for an abort only. */
  boot(side: Side, topology: Topology): Promise<Booted>;
  notes(): readonly string[];
  /** Ends everything; what would not end is named. */
  close(): Promise<readonly string[]>;
}

/** A runtime whose working copies can be used for more than a boot. */
export interface ProcessRuntime extends Runtime {
  lab: Lab;
  /** The side's working copy, installed and built, and the service in it; throws `LabError` when it cannot be had. */
  workspace(side: Side): Promise<{ service: Service; copy: Workspace }>;
}

/** Child processes on this machine. Each side is installed and built once, however often it is booted. */
export async function openProcessRuntime(request: VerifyRequest): Promise<ProcessRuntime> {
  const { on, signal, models } = request;
  const reached = new Map<Side, string>();
  const lab = await openLab({
    on(progress) {
      if (progress.side !== null) reached.set(progress.side, progress.stage);
      on?.(progress);
    },
  });
  const prepared = new Map<Side, Promise<Prepared>>();
  const notes: string[] = [];
  const aborting = signal ? { signal } : {};

  function ready(side: Side, service: Service): Promise<Prepared> {
    const known = prepared.get(side);
    if (known) return known;
    const { changes } = request[side];
    const differing = changes === undefined ? {} : { changes };
    const due = prepare(lab, { root: request.before.root, ...differing, service, side, ...aborting });
    prepared.set(side, due);
    void due.then(
      (copy) => notes.push(...copy.notes.map((note) => `${side}: ${note}`)),
      () => {},
    );
    return due;
  }

  const serviceAt = (side: Side): Service | null =>
    serviceOf(models[side].services, models[side].routes, request.service);

  return {
    lab,
    async workspace(side) {
      const service = serviceAt(side);
      const root = service === null ? null : (await ready(side, service)).root;
      const copy = root === null ? undefined : lab.workspaces.get(root);
      if (service !== null && copy !== undefined) return { service, copy };
      throw new LabError({
        what: "There is no working copy",
        why: "The app has no service with a start command",
        next: "Add a `start` script to package.json",
      });
    },
    async boot(side, topology) {
      const service = serviceAt(side);
      if (!service)
        return { ok: false, at: "copy", reason: "There is no service with a start command to boot.", log: [] };
      try {
        const { root } = await ready(side, service);
        const stack = await bootStack({ side, root, service, topology, lab, ...aborting });
        return { ok: true, stack };
      } catch (error) {
        if (!(error instanceof LabError)) throw error;
        return { ok: false, at: reached.get(side) ?? "copy", reason: `${error.what}: ${error.why}`, log: error.log };
      }
    },
    notes: () => notes,
    close: () => lab.close(),
  };
}

/** The named service, else the one with the most routes among those that start. */
function serviceOf(
  services: readonly Service[],
  routes: readonly { service: string }[],
  name: string | undefined,
): Service | null {
  if (name !== undefined) return services.find((service) => service.name === name) ?? null;
  const count = ({ name: own }: Service): number => routes.filter(({ service }) => service === own).length;
  const [first] = services
    .filter(({ start, entry }) => start !== null || entry.length > 0)
    .sort((a, b) => count(b) - count(a));
  return first ?? null;
}
