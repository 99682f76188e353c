/** Puts limits at the doors that have none: on attempts, on costly calls, on the size of bodies. */
import { pythonLimitOutcome } from "./python-limits.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import type { Edit } from "../../patches/edit.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { byHand } from "./by-hand.ts";
import { parsersSaidWith } from "./body-limit.ts";
import { mendBodyLimit, type Mended } from "./body-limit-mend.ts";
import { mendCors } from "./cors-mend.ts";
import { openRoutes } from "./detect.ts";
import { limitChain } from "./limit-chain.ts";
import { limitExpress } from "./limit-express.ts";
import { limitFastify } from "./limit-fastify.ts";
import { limitHandlers } from "./limit-handlers.ts";
import { limitNest } from "./limit-nest.ts";
import { type LimitWay, limitWay } from "./limit-way.ts";
import { type Limit, type Wanted, wholeFindings, type Work } from "./limit-work.ts";
import { foreignBrief, type Outcome } from "./outcome.ts";
import { mendSpoofable } from "./spoofable-mend.ts";
import { saidTogether } from "./same-cost.ts";

/** The ways of limiting, each in a file of its own. */
const limits: Readonly<Record<LimitWay, Limit>> = {
  express: limitExpress,
  koa: limitChain,
  hono: limitChain,
  fastify: limitFastify,
  nestjs: limitNest,
  next: limitHandlers,
};

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const bodies = findings.filter(({ rule }) => rule === "api-gateway/no-body-limit");
  const said = saidTogether(openRoutes(model));
  const routes = findings.flatMap((finding) => {
    const found = said.find(
      ({ match }) => match.rule === finding.rule && match.file === finding.file && match.anchor === finding.anchor,
    );
    return (found?.open ?? []).map((open) => ({ finding, open }));
  });
  const bodyWork = mendBodies(bodies, model);
  const works = [...limitAll(routes, model, templates), bodyWork, ...doors(findings, model)];
  const mended = works.flatMap((work) => work.outcomes);
  const left = findings.filter((finding) => !mended.some((outcome) => outcome.finding.id === finding.id));
  const outcomes = onePerFinding([...mended, ...byHand(left)]);
  const isBodiesAlone = works.every((work) => work.edits.length === 0 || work === bodyWork);
  return {
    edits: distinct(works.flatMap(({ edits }) => edits)),
    briefs: outcomes.flatMap(({ finding, brief }) =>
      brief === null ? [] : [{ findingId: finding.id, where: { file: finding.file, line: finding.line }, ...brief }],
    ),
    fixes: outcomes.flatMap(({ finding, brief }) => (brief === null ? [finding.id] : [])),
    review: isBodiesAlone
      ? { level: "glance", reason: "Sets the size of a body; larger ones are refused." }
      : {
          level: "read",
          reason: "Decides who is refused: look at the numbers, and at how many proxies stand in front of the app.",
        },
    services: [],
    env: [...new Set(works.flatMap(({ env }) => env))],
    notes: [...new Set(works.flatMap(({ notes }) => notes))],
  };
}

/** Service by service and way by way; a finding about routes of which one cannot be limited is left to its reader whole. */
function limitAll(routes: readonly Wanted[], model: Model, templates: Templates): Work[] {
  const foreign = new Set(
    routes.flatMap(({ finding, open: { route } }) => (limitWay(route) === null ? [finding.id] : [])),
  );
  const writable = routes.filter(({ finding }) => !foreign.has(finding.id));
  const groups = new Map<string, { service: Service; way: LimitWay; wanted: Wanted[] }>();
  for (const each of writable) {
    const way = limitWay(each.open.route);
    const service = model.services.find(({ name }) => name === each.open.route.service);
    if (way === null || service === undefined) continue;
    const group = groups.get(`${service.name} ${way}`) ?? { service, way, wanted: [] };
    groups.set(`${service.name} ${way}`, group);
    group.wanted.push(each);
  }
  return [
    ...[...groups.values()].map(({ service, way, wanted }) =>
      wholeFindings(wanted, (those) => limits[way](service, those, model, templates)),
    ),
    foreignWork(routes.filter(({ finding }) => foreign.has(finding.id))),
  ];
}

/** A setting that two findings want changed in the same way is changed once. */
function distinct(edits: readonly Edit[]): Edit[] {
  const seen = new Set<string>();
  return edits.filter((edit) => {
    if (edit.kind !== "replace" || edit.start === edit.end) return true;
    const name = JSON.stringify(edit);
    return !seen.has(name) && seen.add(name);
  });
}

/** Settings of the whole app that let in too many. */
function doors(findings: readonly Finding[], model: Model): Work[] {
  return findings.flatMap((finding) => {
    if (finding.rule === "api-gateway/cors-any-origin-with-credentials") return [mendCors(finding, model)];
    return finding.rule === "api-gateway/rate-limit-spoofable" ? [mendSpoofable(finding, model)] : [];
  });
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

/** What the recipe has no code for. */
function foreignWork(wanted: readonly Wanted[]): Work {
  const outcomes = wanted.map(({ finding, open: { route } }) =>
    isPython(route.file) ? pythonLimitOutcome(finding, route.framework) : { finding, brief: foreignBrief(route) },
  );
  return { outcomes, edits: [], notes: [], env: [] };
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
