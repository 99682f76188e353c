/** Looks for errors that nobody is told of, that take the process along, or that tell strangers too much. */
import type { Model } from "../../analyzers/model.ts";
import { answeringServices } from "../../analyzers/serving/product.ts";
import type { Presence } from "../component.ts";
import type { Match } from "../finding.ts";
import { openFiles } from "./async-handlers.ts";
import { debugMatches } from "./debug-mode.ts";
import { detachedMatches } from "./detached.ts";
import { trackerOf, untrackedMatches } from "./untracked.ts";

/** In effect when the app's own code starts a tracker; a package that nothing imports only lies there. */
export function presence(model: Model): Presence {
  const found = answeringServices(model).flatMap((service) => trackerOf(model, service) ?? []);
  const evidence = found.map(({ file, line, name, isAtWork }) => ({
    file,
    line,
    note: isAtWork ? `${name} takes errors` : `${name} is among the packages, but no server code imports it`,
  }));
  if (found.some(({ isAtWork }) => isAtWork)) return { status: "in_effect", evidence };
  return { status: found.length > 0 ? "present" : "absent", evidence };
}

export function detect(model: Model): Match[] {
  return [
    ...untrackedMatches(model),
    ...openFiles(model).map(({ match }) => match),
    ...detachedMatches(model),
    ...debugMatches(model),
  ];
}
