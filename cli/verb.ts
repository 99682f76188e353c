/** What every verb is: a command that is handed the terminal and answers with an exit code. */
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import type { ExitCode } from "./exit-codes.ts";
import { openProgress, type Progress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

/** What a verb's action is given. */
export interface Door {
  terminal: Terminal;
  progress: Progress;
  /** Sets the exit code of the whole command. */
  finish(code: ExitCode): void;
}

export type Verb = (door: Door) => Command;

export function openDoor(terminal: Terminal, finish: (code: ExitCode) => void): Door {
  return { terminal, progress: openProgress(terminal), finish };
}

const FORMATS = ["text", "json", "sarif", "markdown"] as const;
export type Format = (typeof FORMATS)[number];

/** The options that every verb on an app knows. */
export interface AppOptions {
  format: Format;
  cache: boolean;
}

/** A command on `[path]` with `--json`, `--format` and `--no-cache`; `formats` are those it can answer in. */
export function appCommand(name: string, description: string, formats: readonly Format[]): Command {
  return new Command(name)
    .description(description)
    .addArgument(new Argument("[path]", "folder of the app").default("."))
    .addOption(new Option("--format <format>", "form of the answer").choices([...formats]).default("text"))
    .addOption(new Option("--json", "the same as --format json").implies({ format: "json" }))
    .option("--no-cache", "read every file again");
}

/** Repeatable or comma-separated. */
export function listOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, before: string[] | undefined) => [
    ...(before ?? []),
    ...value
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== ""),
  ]);
}

export function positiveNumber(value: string): number {
  const number = Number(value);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError("It must be a number above zero.");
  return number;
}

/** The answer on stdout as JSON, one value and a line end. */
export function answerJson({ terminal, progress }: Door, value: unknown): void {
  progress.end();
  terminal.answer(`${JSON.stringify(value, null, 2)}\n`);
}

export function answerText({ terminal, progress }: Door, text: string): void {
  progress.end();
  terminal.answer(text);
}
