/** Puts limits at the doors that have none: on attempts, on costly calls, on the size of bodies. */
import { pythonLimitOutcome } from "./python-limits.ts";
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import { isHeldBelow } from "../../analyzers/deployment/node-version.ts";
import type { Edit, EnvVar } from "../../patches/edit.ts";
import { addEnv } from "../../patches/editors/dotenv.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { sharedRedis } from "../shared-redis.ts";
import { byHand } from "./by-hand.ts";
import { parsersSaidWith } from "./body-limit.ts";
import { mendBodyLimit, type Mended } from "./body-limit-mend.ts";
import { type OpenRoute, openRoutes } from "./detect.ts";
import { limitRoutes } from "./limit-routes.ts";
import { ownLimits } from "./own-limits.ts";
import { reuseOwnLimits } from "./reuse.ts";
import { foreignBrief, limitBrief, type Outcome } from "./outcome.ts";
import { saidTogether } from "./same-cost.ts";
import { hopsVariable, trustProxy, type TrustProxy } from "./trust-proxy.ts";

interface Work {
  outcomes: Outcome[];
  edits: Edit[];
  notes: string[];
  env: EnvVar[];
}

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const bodies = findings.filter(({ rule }) => rule === "api-gateway/no-body-limit");
  const said = saidTogether(openRoutes(model));
  const routes = findings.flatMap((finding) => {
    const found = said.find(
      ({ match }) => match.rule === finding.rule && match.file === finding.file && match.anchor === finding.anchor,
    );
    return (found?.open ?? []).map((open) => ({ finding, open }));
  });
  const writable = routes.filter(({ open: { match } }) => match.fix === "patch");
  const services = model.services.filter(({ name }) => writable.some(({ open: { route } }) => route.service === name));
  const works = [
    ...services.map((service) =>
      limitService(
        service,
        writable.filter(({ open: { route } }) => route.service === service.name),
        model,
        templates,
      ),
    ),
    foreignWork(routes.filter((each) => !writable.includes(each))),
    mendBodies(bodies, model),
  ];
  const outcomes = onePerFinding([...works.flatMap((work) => work.outcomes), ...byHand(findings)]);
  const limits = works.slice(0, -1).some(({ edits }) => edits.length > 0);
  return {
    edits: works.flatMap(({ edits }) => edits),
    briefs: outcomes.flatMap(({ finding, brief }) =>
      brief === null ? [] : [{ findingId: finding.id, where: { file: finding.file, line: finding.line }, ...brief }],
    ),
    fixes: outcomes.flatMap(({ finding, brief }) => (brief === null ? [finding.id] : [])),
    review: limits
      ? {
          level: "read",
          reason: "Decides who is refused: look at the numbers, and at how many proxies stand in front of the app.",
        }
      : { level: "glance", reason: "Sets the size of a body; larger ones are refused." },
    services: [],
    env: [...new Set(works.flatMap(({ env }) => env))],
    notes: [...new Set(works.flatMap(({ notes }) => notes))],
  };
}

/** A finding about several routes is done when all of them are; what is in the way of one is said once. */
function onePerFinding(outcomes: readonly Outcome[]): Outcome[] {
  const byFinding = new Map<string, Outcome>();
  for (const outcome of outcomes) {
    const known = byFinding.get(outcome.finding.id);
    if (known === undefined || known.brief === null) byFinding.set(outcome.finding.id, outcome);
  }
  return [...byFinding.values()];
}

/** All limits of one service, and the setting without which they would count the proxy instead of its clients. */
function limitService(
  service: Service,
  wanted: readonly { finding: Finding; open: OpenRoute }[],
  model: Model,
  templates: Templates,
): Work {
  const own = ownLimits(model, service);
  if (own.length > 0) return { ...reuseOwnLimits(wanted, own, model), env: [] };
  const proxy = trustProxy(model, service);
  const cannot = obstacle(proxy, service, model);
  if (cannot !== null) {
    const outcomes = wanted.map(({ finding }) => ({ finding, brief: limitBrief(cannot) }));
    return { outcomes, edits: [], notes: [], env: [] };
  }
  const work = { ...limitRoutes(service, wanted, model, templates), env: [] };
  if (work.edits.length === 0 || proxy.kind !== "added") return work;
  return {
    ...work,
    edits: [...work.edits, proxy.edit, ...addEnv(model.repo, service.root, [hopsVariable])],
    notes: [...work.notes, proxy.note],
    env: [hopsVariable],
  };
}

/** What the recipe has no code for. */
function foreignWork(wanted: readonly { finding: Finding; open: OpenRoute }[]): Work {
  const outcomes = wanted.map(({ finding, open: { route } }) =>
    isPython(route.file) ? pythonLimitOutcome(finding, route.framework) : { finding, brief: foreignBrief(route) },
  );
  return { outcomes, edits: [], notes: [], env: [] };
}

/** Why limits would do harm or nothing here; null when they help. */
function obstacle(proxy: TrustProxy, service: Service, model: Model): string | null {
  if (proxy.kind === "impossible")
    return "the app object could not be found, and without `trust proxy` a limit may count the proxy instead of its clients";
  if (proxy.kind === "believes-all")
    return `\`trust proxy\` is \`true\` (${proxy.file}:${proxy.line}), so that every client can choose the address it is counted by: set the number of proxies first`;
  if (isHeldBelow(model, service, 18))
    return "the app runs on a Node older than 18, which no longer gets security fixes: raise Node first";
  const forgets = isServerless(model, service) && sharedRedis(model, service) === null;
  return forgets
    ? "the host runs functions, which forget their counts: its own firewall rules or a hosted Redis keep them"
    : null;
}

/** Parsers that are said together are mended together, or not at all. */
function mendedTogether({ call, anchor }: Finding, model: Model): Mended {
  const said = call === null ? [] : parsersSaidWith(call, model);
  const calls = said.length > 0 || call === null ? said : [{ call, api: anchor }];
  const mended = calls.flatMap((each): Mended[] => {
    const site = model.call(each.call);
    return site === null ? [] : [mendBodyLimit(site, each.api, model)];
  });
  const [first = { cannot: "the call is no longer there", constraints: [] }] = mended;
  const done = mended.flatMap((each) => ("edits" in each ? [each] : []));
  const failed = mended.find((each) => "cannot" in each);
  if (failed !== undefined || "cannot" in first) return failed ?? first;
  return { ...first, edits: done.flatMap(({ edits }) => edits) };
}

/** Somebody meant the large bodies of this route; how large they get in truth is not in the code. */
function ofOneRoute({ anchor, routes: [route] }: Finding): { cannot: string; constraints: string[] } | null {
  if (route === undefined || !/^(express|body-parser):/.test(anchor)) return null;
  return {
    cannot: `it is the parser of ${route} alone, which may well need more than others`,
    constraints: [
      "As much as the largest body that was ever seen there, and the check of who sends it comes before the parser.",
      "Express takes the first parser whose type fits: one for all routes before it already refuses what is larger than its own limit.",
    ],
  };
}

function mendBodies(findings: readonly Finding[], model: Model): Work {
  const work: Work = { outcomes: [], edits: [], notes: [], env: [] };
  for (const finding of findings) {
    const mended = ofOneRoute(finding) ?? mendedTogether(finding, model);
    if ("edits" in mended) {
      work.edits.push(...mended.edits);
      work.notes.push(mended.note);
      work.outcomes.push({ finding, brief: null });
    } else {
      const { cannot, constraints } = mended;
      const acceptance =
        "A body of 50 MB to an ordinary route is refused with 413, and the routes that take files still do.";
      work.outcomes.push({
        finding,
        brief: { why: `The limit was left as it is because ${cannot}.`, constraints, acceptance },
      });
    }
  }
  return work;
}
