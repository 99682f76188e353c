/** The assessment on one screen: headline, ranked findings by component, the state of each component, what was left out. */
import type { Assessment, FindingAnswer } from "../answers/assessment.ts";
import { type Canvas, clip, clipPath, columns, count, hang, pad } from "./layout.ts";
import { printableValue } from "../../analyzers/repo/printable.ts";

/** More findings than this are counted, not listed, unless everything is asked for. */
const SCREENFUL = 12;
/** Of one rule so many are listed: the first ones show what it is about, and the rest would hide the other rules. */
const PER_RULE = 3;
/** The part of a line that the place may take. */
const PLACE_SHARE = 0.4;

type ComponentAnswer = Assessment["components"][number];

export interface AssessmentView {
  canvas: Canvas;
  /** Everything, however long. */
  all: boolean;
  /** What to type next, without the leading blank. */
  next: string;
}

export function assessmentText(raw: Assessment, view: AssessmentView): string {
  const answer = printableValue(raw);
  const shown = view.all ? answer.findings : firstOfEach(answer.findings).slice(0, SCREENFUL);
  const blocks = [
    headline(answer, view.canvas),
    ...findingBlocks(shown, view.canvas),
    ...hiddenFindings(answer, shown, view.canvas),
    suppressedLine(answer, view.canvas),
    componentBlock(answer, view.canvas),
    skippedBlock(answer, view),
    view.canvas.paint.dim(`Next: ${view.next}`),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function firstOfEach(findings: readonly FindingAnswer[]): FindingAnswer[] {
  const seen = new Map<string, number>();
  return findings.filter(({ rule }) => {
    const count = seen.get(rule) ?? 0;
    seen.set(rule, count + 1);
    return count < PER_RULE;
  });
}

function headline(
  { repo, services, routes, deploy, findings, components }: Assessment,
  { paint, width }: Canvas,
): string {
  const name = services[0]?.name ?? repo.root.split("/").at(-1) ?? "this app";
  const urgent = findings.filter((finding) => finding.severity === "error").length;
  const needs = components.filter(({ findingIds }) => findingIds.length > 0).length;
  const verdict =
    findings.length === 0
      ? paint.green("nothing found that would break under load")
      : `${count(findings.length, "finding")} in ${count(needs, "component")}${urgent > 0 ? `, ${paint.red(`${urgent} to fix first`)}` : ""}`;
  const targets = [...new Set(deploy.map((each) => each.target))];
  const facts = [
    ...services.slice(0, 3).map((service) => serviceFacts(service)),
    ...(services.length > 3 ? [`and ${count(services.length - 3, "more service")}`] : []),
    `${count(routes.length, "route")} · ${count(repo.files, "file")}${targets.length > 0 ? ` · deploys to ${targets.join(", ")}` : ""}`,
  ];
  return [`${paint.bold(name)}: ${verdict}`, ...facts.map((fact) => paint.dim(clip(fact, width)))].join("\n");
}

function serviceFacts({
  name,
  frameworks,
  language,
  packageManager,
  entry,
  port,
}: Assessment["services"][number]): string {
  const built = frameworks.map((each) => `${each.name}${each.version === null ? "" : ` ${each.version}`}`).slice(0, 3);
  const starts = entry[0] === undefined ? "no start file found" : `starts ${entry[0]}`;
  const listens = port.value === null ? [] : [`port ${port.value}`];
  return [name, ...built, language, ...(packageManager === null ? [] : [packageManager]), starts, ...listens].join(
    " · ",
  );
}

/** One block per component, in the order of its first finding. */
function findingBlocks(shown: readonly FindingAnswer[], canvas: Canvas): string[] {
  const { paint, width } = canvas;
  const idWidth = Math.max(0, ...shown.map((finding) => columns(finding.id)));
  return [...new Set(shown.map((finding) => finding.component))].map((component) => {
    const own = shown.filter((finding) => finding.component === component);
    const longest = Math.max(0, ...own.map((finding) => columns(placeOf(finding))));
    const placeWidth = Math.min(Math.floor(width * PLACE_SHARE), longest);
    return [paint.bold(component), ...own.flatMap((finding) => findingRows(finding, idWidth, placeWidth, canvas))].join(
      "\n",
    );
  });
}

function findingRows(finding: FindingAnswer, idWidth: number, placeWidth: number, { paint, width }: Canvas): string[] {
  const severity = { error: paint.red("error  "), warning: paint.yellow("warning"), note: paint.blue("note   ") }[
    finding.severity
  ];
  const fix = { patch: "patch", brief: "brief", none: "" }[finding.fix];
  const place = pad(clipPath(placeOf(finding), placeWidth), placeWidth);
  const indent = " ".repeat(idWidth + 13);
  const used = idWidth + 15 + placeWidth + 7;
  const first = `  ${pad(finding.id, idWidth)}  ${severity}  ${paint.cyan(place)}  ${pad(clip(finding.title, width - used), Math.max(0, width - used))}  ${paint.green(fix)}`;
  const way = wayOf(finding);
  return way === "" ? [first.trimEnd()] : [first.trimEnd(), paint.dim(indent + clip(way, width - indent.length))];
}

function placeOf({ file, line, also }: FindingAnswer): string {
  return `${file}:${line}${also.length > 0 ? ` +${also.length}` : ""}`;
}

/** `POST /checkout -> checkout -> sendReceipt`; further routes are counted. */
function wayOf({ routes, path }: FindingAnswer): string {
  const [first, ...others] = routes;
  const more = others.length > 0 ? ` (+${count(others.length, "route")})` : "";
  const steps = path.map((step) => step.label).filter((label) => label !== first);
  return [...(first === undefined ? [] : [first + more]), ...steps].join(" → ");
}

function hiddenFindings(answer: Assessment, shown: readonly FindingAnswer[], { paint }: Canvas): string[] {
  const hidden = answer.findings.length - shown.length;
  if (hidden === 0) return [];
  const alike = [...new Set(shown.map(({ rule }) => rule))].flatMap((rule) => {
    const own = shown.filter((finding) => finding.rule === rule);
    const more = answer.findings.filter((finding) => finding.rule === rule).length - own.length;
    return more === 0 ? [] : [`${more} like ${own[0]?.id ?? ""}`];
  });
  const which = alike.length === 0 ? "" : ` (${alike.join(", ")})`;
  return [paint.dim(`and ${count(hidden, "more finding")}${which}: --all lists them`)];
}

/** What the authors have decided to live with is counted, so that silence is never taken for absence. */
function suppressedLine({ suppressed }: Assessment, { paint }: Canvas): string {
  if (suppressed.length === 0) return "";
  return paint.dim(`${count(suppressed.length, "finding")} suppressed in the source or the baseline`);
}

const VERDICTS = {
  add_now: "add now",
  not_yet: "not yet",
  in_place: "in place",
  not_applicable: "not needed",
  unknown: "unknown",
} as const;
const ORDER = Object.keys(VERDICTS);

function componentBlock({ components }: Assessment, { paint, width }: Canvas): string {
  const colour = {
    add_now: paint.yellow,
    not_yet: paint.green,
    in_place: paint.green,
    not_applicable: paint.dim,
    unknown: paint.dim,
  };
  const ranked = components.toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
  const nameWidth = Math.max(0, ...ranked.map((each) => columns(each.component)));
  const wordWidth = Math.max(0, ...ranked.map((each) => columns(VERDICTS[each.verdict])));
  const rows = ranked.map((each) => {
    const word = colour[each.verdict](pad(VERDICTS[each.verdict], wordWidth));
    return hang(`  ${pad(each.component, nameWidth)}  ${word}  `, reasonOf(each), width);
  });
  return [paint.bold("components"), ...rows].join("\n");
}

function reasonOf({ verdict, reason, tripWire, findingIds, evidence }: ComponentAnswer): string {
  const ids = findingIds.slice(0, 8).join(" ") + (findingIds.length > 8 ? " …" : "");
  if (verdict === "add_now") return ids;
  const seen = evidence[0] === undefined ? reason : `${evidence[0].file}:${evidence[0].line}`;
  return verdict === "in_place"
    ? `${seen}${ids === "" ? "" : ` (to mend: ${ids})`}`
    : `${reason}${tripWire === null ? "" : ` Trip-wire: ${tripWire}`}`;
}

function skippedBlock({ skipped }: Assessment, { canvas, all }: AssessmentView): string {
  if (skipped.length === 0) return "";
  const shown = all ? skipped : skipped.slice(0, 3);
  const rows = shown.map(({ file, reason }) => clip(`  ${file}: ${reason}`, canvas.width));
  const more = skipped.length > shown.length ? [`  and ${skipped.length - shown.length} more: --all lists them`] : [];
  return canvas.paint.dim([`left out: ${count(skipped.length, "file")}`, ...rows, ...more].join("\n"));
}
