/** The numbers of a limit in the options of a Fastify route. */
import type { Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { callAt, insertArgument, setOptions } from "../../patches/editors/calls.ts";
import { openSource, textOf } from "../../patches/editors/source.ts";
import type { OpenRoute } from "./detect.ts";
import { kindOf, numbers } from "./limit-numbers.ts";

export function limitFastifyRoute({ route, limit }: OpenRoute, model: Model): Edit[] | { cannot: string } {
  const { registration: site, file } = route;
  const source = openSource(model.repo, file);
  const call = source === null || site === null ? null : callAt(source, site.span);
  if (source === null || site === null || call === null)
    return { cannot: "the call that registers the route could not be found" };
  const isWhole = call.callee.endsWith(".route");
  const index = isWhole ? 0 : 1;
  const { tries, minutes } = numbers[kindOf[limit]];
  const config = `{ rateLimit: { max: ${tries}, timeWindow: "${stretch(minutes)}" } }`;
  const options = call.args[index];
  const [path] = site.args;
  if (options === undefined || (!isWhole && path?.kind !== "literal"))
    return { cannot: "the route is registered in a form the recipe does not know" };
  const text = textOf(source, options);
  const isHandler = !isWhole && call.args.length === 2 && !text.startsWith("{");
  if (isHandler)
    return site.args[1]?.kind === "object"
      ? { cannot: "the route's options are not written where it is registered" }
      : insertArgument(source, call, 1, `{ config: ${config} }`);
  if (/\bconfig\b/.test(text)) return { cannot: "the route has a `config` already, into which the limit belongs" };
  const edits = setOptions(source, call, index, { config }, "spread");
  return edits ?? { cannot: "the route's options are not written where it is registered" };
}

function stretch(minutes: number): string {
  return minutes === 1 ? "1 minute" : minutes === 60 ? "1 hour" : `${minutes} minutes`;
}
