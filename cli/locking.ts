/** The part of `apply` that brings lockfiles into step with what the patches ask for. */
import type { Plan } from "../components/plan.ts";
import { patchesOf } from "../components/proof.ts";
import type { Patch } from "../patches/edit.ts";
import { makePatch } from "../patches/patch.ts";
import { lockfilesFor } from "../verify/index.ts";
import { untilInterrupted } from "./interrupt.ts";
import type { Door } from "./verb.ts";

/** One patch with every lockfile that changes, to be applied behind the others; none where nothing changes. */
export async function lockfilePatches(door: Door, plan: Plan): Promise<Patch[]> {
  const files = patchesOf(plan).flatMap((patch) => patch.files.map(({ path }) => path));
  const manifests = [...new Set(files)].filter((file) => /(^|\/)package\.json$/.test(file));
  if (manifests.length === 0) return [];
  door.progress.stage("lockfile");
  const locked = await untilInterrupted(door, (signal) =>
    lockfilesFor(plan.after, manifests, { on: ({ message }) => door.progress.stage("lockfile", message), signal }),
  );
  const made = makePatch(plan.after, {
    component: "lockfile",
    title: "Lockfile in step with package.json",
    edits: locked.map(({ file, text }) => ({
      kind: "replace",
      file,
      start: 0,
      end: plan.after.read(file)?.length ?? 0,
      text,
    })),
    fixes: [],
    briefs: [],
    review: { level: "glance", reason: "Written by the package manager, not by hand." },
    services: [],
    env: [],
    notes: locked.map(({ file, command }) => `${file} was written by \`${command}\`.`),
  });
  return made.kind === "patch" ? [made.patch] : [];
}
