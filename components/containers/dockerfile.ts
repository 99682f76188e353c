/** What a Dockerfile ships: the last stage with all that it inherits, reduced to what the rules judge. */
import { DockerfileParser, type From, type Instruction } from "dockerfile-ast";

export interface Line {
  /** Counts from 1. */
  line: number;
  endLine: number;
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
  /** The last FROM. */
  from: Line;
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
}

/** Null when the text is no Dockerfile that builds an image. Never throws: the parser takes any text. */
export function shippedImage(text: string): ShippedImage | null {
  const instructions = DockerfileParser.parse(text).getInstructions();
  const stages = stagesOf(instructions);
  const last = stages.at(-1);
  if (last === undefined) return null;
  const chain = inherited(last, stages);
  const shipped = chain.flatMap(({ body }) => body);
  const find = (keyword: string): Instruction | undefined => shipped.findLast((each) => each.getKeyword() === keyword);
  const user = find("USER");
  return {
    base: chain[0]?.from.getImage() ?? "",
    from: lineOf(last.from),
    user: user === undefined ? null : { name: user.getArgumentsContent()?.trim() ?? "", ...lineOf(user) },
    cmd: commandOf(find("CMD")),
    entrypoint: commandOf(find("ENTRYPOINT")),
    copiesContext: contextCopy(stages, chain),
    chowns: shipped.some((each) => /--chown=|\bchown\b/.test(each.getRawArgumentsContent() ?? "")),
    workdir: find("WORKDIR")?.getArgumentsContent()?.trim() ?? null,
    made: shipped.flatMap(madeFolders),
    volumes: shipped.filter((each) => each.getKeyword() === "VOLUME").flatMap(volumeFolders),
  };
}

interface Stage {
  from: From;
  body: Instruction[];
}

function stagesOf(instructions: readonly Instruction[]): Stage[] {
  const stages: Stage[] = [];
  for (const instruction of instructions) {
    if (isFrom(instruction)) stages.push({ from: instruction, body: [] });
    else stages.at(-1)?.body.push(instruction);
  }
  return stages;
}

/** The stages a stage builds on, the lowest first; a stage can only build on earlier ones, so this ends. */
function inherited(stage: Stage, stages: readonly Stage[]): Stage[] {
  const earlier = stages.slice(0, stages.indexOf(stage));
  const name = stageName(stage.from.getImage()?.toLowerCase() ?? "");
  const parent = earlier.findLast(({ from }) => name.test(from.getBuildStage()?.toLowerCase() ?? ""));
  return parent === undefined ? [stage] : [...inherited(parent, stages), stage];
}

/** `FROM app_${VARIANT}` is built on one of the stages that the build may choose. */
function stageName(image: string): RegExp {
  const parts = image.split(/\$\{[^}]*\}|\$\w+/).map((part) => part.replace(/[.+?^${}()|[\]\\*]/g, "\\$&"));
  return new RegExp(`^${parts.join("\\w*")}$`);
}

function commandOf(instruction: Instruction | undefined): Command | null {
  if (instruction === undefined) return null;
  const text = instruction.getArgumentsContent()?.trim() ?? "";
  return { argv: execForm(text), text, ...lineOf(instruction) };
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

function madeFolders(instruction: Instruction): string[] {
  const text = instruction.getKeyword() === "RUN" ? (instruction.getArgumentsContent() ?? "") : "";
  return [...text.matchAll(/\bmkdir\s+((?:-\S+\s+)*)([^&;|\n]+)/g)]
    .flatMap((match) => (match[2] ?? "").trim().split(/\s+/))
    .filter((folder) => /^\/[\w./-]+$/.test(folder));
}

function volumeFolders(instruction: Instruction): string[] {
  const text = instruction.getArgumentsContent()?.trim() ?? "";
  return execForm(text) ?? text.split(/\s+/);
}

function contextCopy(stages: readonly Stage[], chain: readonly Stage[]): ShippedImage["copiesContext"] {
  const copies = stages.flatMap((stage) => stage.body.filter(takesContext).map((copy) => ({ stage, copy })));
  const shipped = chain.flatMap(({ body }) => body);
  const whole = shipped.filter((each) => takesAllOf(each) !== null).map(takesAllOf);
  const isShipped = ({ stage }: { stage: Stage }): boolean =>
    chain.includes(stage) || whole.some((name) => name === nameOf(stage) || name === String(stages.indexOf(stage)));
  const found = copies.find(isShipped) ?? copies[0];
  return found === undefined ? null : { ...lineOf(found.copy), isShipped: isShipped(found) };
}

function nameOf(stage: Stage): string | null {
  return stage.from.getBuildStage()?.toLowerCase() ?? null;
}

function takesContext(instruction: Instruction): boolean {
  if (!["COPY", "ADD"].includes(instruction.getKeyword())) return false;
  if (/--from=/.test(instruction.getRawArgumentsContent() ?? "")) return false;
  const sources = instruction.getArguments().slice(0, -1);
  return sources.some((source) => [".", "./", "*", "./*"].includes(source.getValue()));
}

/** The stage whose whole working folder an instruction copies: `COPY --from=build /app ./`. */
function takesAllOf(instruction: Instruction): string | null {
  if (instruction.getKeyword() !== "COPY") return null;
  const match = /^(?:--\S+\s+)*--from=(\S+)\s+(?:--\S+\s+)*(\/[\w-]+\/?|\.)\s/.exec(
    instruction.getRawArgumentsContent() ?? "",
  );
  return match?.[1]?.toLowerCase() ?? null;
}

function lineOf(instruction: Instruction): Line {
  const range = instruction.getRange();
  return { line: range.start.line + 1, endLine: range.end.line + 1 };
}

function isFrom(instruction: Instruction): instruction is From {
  return instruction.getKeyword() === "FROM";
}
