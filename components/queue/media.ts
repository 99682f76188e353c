/** Finds images and documents that are worked on while the user waits. */
import { isDoneOnce } from "../../analyzers/code/conditions.ts";
import type { Model, Reach } from "../../analyzers/model.ts";
import type { Match, Severity } from "../finding.ts";
import { evidenceOf, provenBy } from "../evidence.ts";
import { anchorOf, routesIn } from "./words.ts";
import { workOf, type Work } from "./work.ts";

interface Tool {
  api: RegExp;
  severity: Severity;
  /** What it costs, as the end of "..., which". */
  cost: string;
  /** Where the rule's own title does not fit. */
  title?: string;
}

/** The first that matches an api; what no row names weighs little. */
const tools: readonly Tool[] = [
  { api: /ffmpeg/, severity: "warning", cost: "converts media for seconds or minutes on all processor cores" },
  { api: /^tesseract/, severity: "warning", cost: "reads text out of a picture for seconds" },
  { api: /^jimp:/, severity: "warning", cost: "works in JavaScript, so no other request is answered meanwhile" },
  {
    api: /^(puppeteer|playwright|html-pdf)/,
    severity: "warning",
    cost: "starts a browser: a second and some hundred megabytes each time",
  },
  {
    api: /^pdf-parse/,
    severity: "note",
    cost: "reads a whole document on the only thread that answers requests",
    title: "A document is read while the user waits",
  },
  { api: /^(sharp|gm):/, severity: "note", cost: "takes a tenth of a second or more of processor time per picture" },
];
const light: Omit<Tool, "api"> = { severity: "note", cost: "draws on the only thread that answers requests" };

interface Group {
  works: Work[];
  ways: Reach[];
}

/** One finding per function and kind: what a function does to one picture is one piece of work. A drawing is one per file. */
export function mediaInRequests(model: Model): Match[] {
  const groups = new Map<string, Group>();
  for (const work of workOf(model)) {
    if ((work.kind !== "image" && work.kind !== "pdf") || work.waiting.length === 0) continue;
    if (isDoneOnce(model.repo.read(work.use.call.file) ?? "", work.use.call)) continue;
    const { fn, file } = work.use.call;
    const key = `${work.kind} ${toolOf(work.use.api) === light ? file : fn}`;
    const known = groups.get(key) ?? { works: [], ways: [] };
    groups.set(key, { works: [...known.works, work], ways: [...known.ways, ...work.waiting] });
  }
  return oncePerRoutes([...groups.values()].flatMap((group) => matchFor(group, model)));
}

/** What the same requests wait for with the same tool in one file is one piece of work: cut, convert, join. */
function oncePerRoutes(found: readonly Match[]): Match[] {
  const byRoutes = new Map<string, Match>();
  for (const match of found.toSorted((a, b) => a.line - b.line)) {
    const { file, line, also } = match;
    const key = JSON.stringify([match.rule, file, match.message, match.routes.toSorted(), match.confidence]);
    const first = byRoutes.get(key);
    byRoutes.set(key, first === undefined ? match : { ...first, also: [...first.also, { file, line }, ...also] });
  }
  return [...byRoutes.values()];
}

function matchFor({ works, ways }: Group, model: Model): Match[] {
  const ranked = works.toSorted((a, b) => rank(a) - rank(b));
  const [work] = ranked;
  if (work === undefined) return [];
  const { use, kind } = work;
  const { severity, cost, title } = toolOf(use.api);
  const others = new Map(works.map((other) => [other.use.call.id, other.use.call]));
  others.delete(use.call.id);
  return [
    {
      rule: kind === "image" ? "queue/image-processing-in-request" : "queue/pdf-in-request",
      file: use.call.file,
      line: use.call.line,
      confidence: provenBy(use.certainty, ways),
      severity,
      ...(title === undefined ? {} : { title }),
      message: `${routesIn(ways)} waits for \`${use.package}\`, which ${cost}: a few such requests at once slow every other one.`,
      also: [...others.values()].map(({ file, line }) => ({ file, line })),
      ...evidenceOf(ways),
      call: use.call.id,
      anchor: anchorOf(use.api, use.call.fn, model),
      fix: "brief",
    },
  ];
}

function toolOf(api: string): Omit<Tool, "api"> {
  return tools.find((tool) => tool.api.test(api)) ?? light;
}

function rank({ use }: Work): number {
  return toolOf(use.api).severity === "warning" ? 0 : 1;
}
