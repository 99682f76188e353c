/** What a Dockerfile ships: one stage, mostly the last, with all that it inherits, reduced to what the rules judge. */
import { DockerfileParser, type From, type Instruction } from "dockerfile-ast";

export interface Line {
  /** Counts from 1. */
  line: number;
  endLine: number;
}

/** One instruction: `RUN npm ci`. `text` is what stands behind the keyword, flags included, on one line. */
export interface Step extends Line {
  keyword: string;
  text: string;
}

export interface Command extends Line {
  /** The words of the exec form; null for the shell form. */
  argv: string[] | null;
  /** What stands after the keyword. */
  text: string;
}

export interface ShippedImage {
  /** The image the final stage is built from in the end, with its tag: `node:24-slim`. */
  base: string;
  /** The FROM of the stage that is shipped. */
  from: Line;
  /** Name of the stage that is shipped, null when it has none. */
  stage: string | null;
  user: (Line & { name: string }) | null;
  cmd: Command | null;
  entrypoint: Command | null;
  /** A COPY or ADD that takes the whole build context; `isShipped` when the shipped stage does, or takes all of one that does. */
  copiesContext: (Line & { isShipped: boolean }) | null;
  /** Files or folders are made over to another user somewhere. */
  chowns: boolean;
  /** The folder the command runs in, null when none is set. */
  workdir: string | null;
  /** Absolute folders that a `mkdir` makes. */
  made: string[];
  /** Folders that are volumes. */
  volumes: string[];
  /** What the shipped stage is made of, what it inherits first. */
  steps: readonly Step[];
  /** The steps of every stage, inherited ones first, by the names under which `COPY --from` takes from it. */
  stages: ReadonlyMap<string, readonly Step[]>;
}

/** Longer ones are no one's hand, and the parser's time grows with the square of an instruction. */
const longest = 50_000;

/**
 * Null when the text is no Dockerfile that builds an image, or has no stage `target`. Never throws: the parser takes any text.
 * `target`: the stage that a build asks for by its name; null for the one that a plain build gives.
 */
export function shippedImage(text: string, target: string | null = null): ShippedImage | null {
  if (text.length > longest) return null;
  const stages = stagesOf(DockerfileParser.parse(text).getInstructions());
  const last = target === null ? shippedStage(stages) : stages.find(({ name }) => name === target.toLowerCase());
  if (last === undefined) return null;
  const chain = inherited(last, stages);
  const steps = chain.flatMap(({ body }) => body);
  const find = (keyword: string): Step | undefined => steps.findLast((each) => each.keyword === keyword);
  const user = find("USER");
  return {
    base: chain[0]?.base ?? "",
    from: last.from,
    stage: last.name,
    user: user === undefined ? null : { name: user.text.trim(), line: user.line, endLine: user.endLine },
    cmd: commandOf(find("CMD")),
    entrypoint: commandOf(find("ENTRYPOINT")),
    copiesContext: contextCopy(stages, chain),
    chowns: steps.some((each) => /--chown=|\bchown\b/.test(each.text)),
    workdir: find("WORKDIR")?.text.trim() ?? null,
    made: steps.flatMap(madeFolders),
    volumes: steps.filter(({ keyword }) => keyword === "VOLUME").flatMap(volumeFolders),
    steps,
    stages: new Map(
      stages.flatMap((stage, index) => {
        const all = inherited(stage, stages).flatMap(({ body }) => body);
        return [String(index), ...(stage.name === null ? [] : [stage.name])].map((name) => [name, all] as const);
      }),
    ),
  };
}

const forDevelopers = /(^|[-_])(dev|devel|develop|development|test|tests|debug|local|ci)([-_]|$)/;
const forProduction = /(^|[-_])(prod|production|release|runner|runtime|deploy|final)([-_]|$)/;

/** A stage that is built for developers, by its name. */
export function isForDevelopers(stage: string): boolean {
  return forDevelopers.test(stage);
}

/** The last stage; where that is named for developers, the last one that is named for production. */
function shippedStage(stages: readonly Stage[]): Stage | undefined {
  const last = stages.at(-1);
  if (!forDevelopers.test(last?.name ?? "")) return last;
  return stages.findLast(({ name }) => forProduction.test(name ?? "") && !forDevelopers.test(name ?? "")) ?? last;
}

interface Stage {
  /** In lower case: stage names are compared so. */
  name: string | null;
  base: string;
  from: Line;
  body: Step[];
}

function stagesOf(instructions: readonly Instruction[]): Stage[] {
  const stages: Stage[] = [];
  for (const instruction of instructions) {
    if (isFrom(instruction)) {
      const name = instruction.getBuildStage()?.toLowerCase() ?? null;
      stages.push({ name, base: instruction.getImage() ?? "", from: lineOf(instruction), body: [] });
    } else stages.at(-1)?.body.push(stepOf(instruction));
  }
  return stages;
}

/** The parser's own argument text leaves flags out, so the text is taken from the whole instruction. */
function stepOf(instruction: Instruction): Step {
  const text = instruction.getTextContent().replace(/\r?\n\s*#[^\n]*/g, "");
  return {
    keyword: instruction.getKeyword(),
    text: text.replace(/^\s*\w+\s*/, "").replace(/[\\`]\s*\r?\n/g, " "),
    ...lineOf(instruction),
  };
}

/** The stages a stage builds on, the lowest first; a stage can only build on earlier ones, so this ends. */
function inherited(stage: Stage, stages: readonly Stage[]): Stage[] {
  const earlier = stages.slice(0, stages.indexOf(stage));
  const wanted = stageName(stage.base.toLowerCase());
  const parent = earlier.findLast(({ name }) => name !== null && wanted.test(name));
  return parent === undefined ? [stage] : [...inherited(parent, stages), stage];
}

/** `FROM app_${VARIANT}` is built on one of the stages that the build may choose. */
function stageName(image: string): RegExp {
  const parts = image.split(/\$\{[^}]*\}|\$\w+/).map((part) => part.replace(/[.+?^${}()|[\]\\*]/g, "\\$&"));
  return new RegExp(`^${parts.join("\\w*")}$`);
}

function commandOf(step: Step | undefined): Command | null {
  if (step === undefined) return null;
  const text = step.text.trim();
  return { argv: execForm(text), text, line: step.line, endLine: step.endLine };
}

/** The exec form is JSON, and anything else is the shell form, as in Docker itself. */
function execForm(text: string): string[] | null {
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === "string") ? words : null;
  } catch {
    return null;
  }
}

function madeFolders({ keyword, text }: Step): string[] {
  return [...(keyword === "RUN" ? text : "").matchAll(/\bmkdir\s+((?:-\S+\s+)*)([^&;|\n]+)/g)]
    .flatMap((match) => (match[2] ?? "").trim().split(/\s+/))
    .filter((folder) => /^\/[\w./-]+$/.test(folder));
}

function volumeFolders({ text }: Step): string[] {
  return execForm(text.trim()) ?? text.trim().split(/\s+/);
}

function contextCopy(stages: readonly Stage[], chain: readonly Stage[]): ShippedImage["copiesContext"] {
  const copies = stages.flatMap((stage) => stage.body.filter(takesContext).map((copy) => ({ stage, copy })));
  const whole = chain.flatMap(({ body }) => body.flatMap((step) => takesAllOf(step) ?? []));
  const isShipped = ({ stage }: { stage: Stage }): boolean =>
    chain.includes(stage) || whole.some((name) => name === stage.name || name === String(stages.indexOf(stage)));
  const found = copies.find(isShipped) ?? copies[0];
  if (found === undefined) return null;
  return { line: found.copy.line, endLine: found.copy.endLine, isShipped: isShipped(found) };
}

/** What a COPY or ADD takes and from where: `from` null is the build context, else a stage or another image. */
export function copyOf({ keyword, text }: Step): { from: string | null; sources: string[] } | null {
  if (keyword !== "COPY" && keyword !== "ADD") return null;
  const words = text.trim().split(/\s+/);
  const from = words.map((word) => /^--from=(.+)$/.exec(word)?.[1]).find((name) => name !== undefined) ?? null;
  const plain = words.filter((word) => !word.startsWith("--")).join(" ");
  return { from: from?.toLowerCase() ?? null, sources: (execForm(plain) ?? plain.split(" ")).slice(0, -1) };
}

function takesContext(step: Step): boolean {
  const copy = copyOf(step);
  return copy?.from === null && copy.sources.some((source) => [".", "./", "*", "./*"].includes(source));
}

/** The stage whose whole working folder an instruction copies: `COPY --from=build /app ./`. */
function takesAllOf(step: Step): string | null {
  const copy = copyOf(step);
  const [source] = copy?.sources ?? [];
  return copy !== null && source !== undefined && /^(\/[\w-]+\/?|\.)$/.test(source) ? copy.from : null;
}

/** The settings that the shipped stage gives its process, and defaults of build arguments: the last value of each name. */
export function settingsIn({
  steps,
}: Pick<ShippedImage, "steps">): (Line & { name: string; value: string; isArg: boolean })[] {
  return steps.flatMap(({ keyword, text, line, endLine }) => {
    if (keyword !== "ENV" && keyword !== "ARG") return [];
    const pairs = [...text.matchAll(/(?:^|\s)([A-Za-z_]\w*)=("(?:\\.|[^"\\])*"|'[^']*'|(?:\\.|\S)*)/g)];
    const old = /^([A-Za-z_]\w*)\s+(.+)$/.exec(text.trim());
    const handedIn = keyword === "ARG" ? /^([A-Za-z_]\w*)\s*$/.exec(text.trim()) : old;
    const found = pairs.length > 0 ? pairs : handedIn === null ? [] : [handedIn];
    return found.map(([, name = "", value = ""]) => ({
      name,
      value: value.replace(/^(["'])(.*)\1$/s, "$2"),
      isArg: keyword === "ARG",
      line,
      endLine,
    }));
  });
}

function lineOf(instruction: Instruction): Line {
  const range = instruction.getRange();
  return { line: range.start.line + 1, endLine: range.end.line + 1 };
}

function isFrom(instruction: Instruction): instruction is From {
  return instruction.getKeyword() === "FROM";
}
