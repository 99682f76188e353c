/** Looks for a pipeline that checks each change before it ships, and for what it would need to build on. */
import type { Model } from "../../analyzers/model.ts";
import { lineHolding } from "../../analyzers/services/manifest.ts";
import { declaringFile } from "../declaring-file.ts";
import type { Presence } from "../component.ts";
import type { Match } from "../finding.ts";
import { besidePython } from "../without-python.ts";
import { deployMatches } from "./deploy.ts";
import { lockfileMatches } from "./lockfile.ts";
import { match } from "./match.ts";
import { mainPipeline, pipelinesOf } from "./pipelines.ts";
import { unlockedPython, unstartedPython, untestedPython } from "./python-project.ts";
import { startMatches } from "./start.ts";
import { unitsOf } from "./units.ts";
import { untestedMatches } from "./untested.ts";

export function presence(model: Model): Presence {
  const pipelines = pipelinesOf(model);
  const main = mainPipeline(pipelines);
  if (main === undefined) return { status: "absent", evidence: [] };
  if (main.checks !== null && untested(model).length === 0)
    return { status: "in_effect", evidence: [{ file: main.file, line: main.checks, note: "runs checks on changes" }] };
  const note = main.checks === null ? "a pipeline without a check" : "checks that run no test";
  return {
    status: "present",
    evidence: pipelines.map(({ file, checks, isByHand }) => ({
      file,
      line: checks ?? 1,
      note: isByHand ? "a pipeline that runs only when somebody starts it" : note,
    })),
  };
}

export function detect(model: Model): Match[] {
  const without = missing(model);
  return [
    ...without,
    ...(without.length === 0 ? untested(model) : []),
    ...besidePython(model, (half) => [...lockfileMatches(half), ...startMatches(half)]),
    ...unlockedPython(model),
    ...unstartedPython(model),
    ...deployMatches(model),
  ];
}

/** One matter for the whole repo, in whichever language its tests are written. */
function untested(model: Model): Match[] {
  const found = besidePython(model, untestedMatches);
  const pipelines = pipelinesOf(model);
  const main = mainPipeline(pipelines);
  if (found.length > 0 || main === undefined) return found;
  const place = {
    file: main.file,
    line: main.checks ?? lineHolding(model.repo.read(main.file) ?? "", /^(jobs|steps|stages|pipelines)\s*:/m),
  };
  return untestedPython(
    model,
    pipelines.flatMap(({ commands }) => commands),
    place,
  );
}

function missing(model: Model): Match[] {
  const units = unitsOf(model);
  const [unit] = units;
  if (unit === undefined || pipelinesOf(model).some(({ seesChanges }) => seesChanges)) return [];
  return [
    match(
      "no-ci",
      { file: declaringFile(unit, model), line: 1 },
      {
        message:
          "No pipeline checks a change before it ships, so the first to notice a broken build or test are the users.",
        anchor: "repo",
        fix: units.some(({ language }) => language === "python") ? "brief" : "patch",
      },
    ),
  ];
}
