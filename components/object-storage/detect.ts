/** Looks for files that belong into a storage service and lie on a disk or in the database. */
import type { Model } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { onePerCall } from "../one-per-call.ts";
import { djangoFiles } from "./django-files.ts";
import { generatedFiles } from "./generated.ts";
import { besidePython } from "../without-python.ts";
import { inlineBinaries } from "./inline.ts";
import { pythonSizes, pythonUploads } from "./python-findings.ts";
import { unlimitedUploads } from "./sizes.ts";
import { localUploads } from "./uploads.ts";

export function detect(model: Model): Match[] {
  return onePerCall([
    ...besidePython(model, ofJavascript),
    ...pythonUploads(model),
    ...djangoFiles(model),
    ...pythonSizes(model),
  ]);
}

function ofJavascript(model: Model): Match[] {
  const uploads = localUploads(model);
  const known = new Set(uploads.flatMap(({ call }) => (call === null ? [] : [call])));
  return [...uploads, ...generatedFiles(model, known), ...inlineBinaries(model), ...unlimitedUploads(model)];
}
