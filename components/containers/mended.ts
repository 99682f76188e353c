/** The edits for what is known to be mendable where it stands: the command, the install, the check, the port. */
import { composedServices } from "../../analyzers/deployment/compose.ts";
import { packedService, type ImageFile } from "../../analyzers/deployment/images.ts";
import type { Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";
import { healthEdits } from "./healthcheck.ts";
import { installOf } from "./install-steps.ts";
import { withoutDevDeps } from "./mend-dev-deps.ts";
import { withoutDevServer } from "./mend-dev-server.ts";
import { openPort } from "./open-port.ts";

/** Null for other rules, and where only somebody who knows the app can say. */
export function mendsFor(finding: Finding, images: readonly ImageFile[], model: Model): Edit[] | null {
  if (finding.fix !== "patch") return null;
  const lines = [finding, ...finding.also].flatMap(({ file, line }) => (file === finding.file ? line : []));
  const own = images.filter(({ file }) => file === finding.file);
  switch (finding.rule) {
    case "containers/hardcoded-port": {
      const service = model.services.find(({ name }) => name === finding.anchor);
      return service === undefined ? null : openPort(service, model);
    }
    case "containers/no-container-healthcheck": {
      const all = composedServices(model.repo);
      const composed = all.find(({ file, name }) => `${file} ${name}` === finding.anchor);
      return composed === undefined ? null : healthEdits(composed, model);
    }
    case "containers/dockerfile-dev-server":
      return allOf(
        own
          .filter(({ image: { cmd } }) => cmd !== null && lines.includes(cmd.line))
          .map((each) => withoutDevServer(each, model)),
      );
    case "containers/dockerfile-dev-deps":
      return allOf(own.map((each) => leaner(each, lines, model)));
    default:
      return null;
  }
}

/** Nothing where another image of the file is meant. */
function leaner(each: ImageFile, lines: readonly number[], model: Model): Edit[] | null {
  const install = installOf(each.image);
  const service = packedService(model, each.file, each.image);
  if (install === null || service === null || !lines.includes(install.place.line)) return [];
  return withoutDevDeps(each, install, service, model);
}

/** All images that a finding speaks of are mended, or none is. */
function allOf(edits: readonly (Edit[] | null)[]): Edit[] | null {
  const known = edits.flatMap((each) => (each === null ? [] : [each]));
  return known.length < edits.length || known.flat().length === 0 ? null : known.flat();
}
