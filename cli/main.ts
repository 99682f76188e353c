#!/usr/bin/env node
/** The shoreup command: verbs, exit codes, and the one place where errors become words. */
import { Command, CommanderError } from "commander";
import { head } from "../report/answers/tool.ts";
import { explanationOf } from "../report/explanation.ts";
import { printable, printableLines } from "../analyzers/repo/printable.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { Interrupted } from "./interrupt.ts";
import { Stop } from "./stop.ts";
import { openTerminal, type Terminal } from "./terminal.ts";
import { openDoor, type Verb } from "./verb.ts";
import { apply } from "./verbs/apply.ts";
import { assess } from "./verbs/assess.ts";
import { components } from "./verbs/components.ts";
import { harden } from "./verbs/harden.ts";
import { mcp } from "./verbs/mcp.ts";
import { patch } from "./verbs/patch.ts";
import { plan } from "./verbs/plan.ts";
import { undo } from "./verbs/undo.ts";
import { verify } from "./verbs/verify.ts";

const verbs: readonly Verb[] = [assess, plan, patch, apply, undo, verify, harden, components, mcp];
/** By convention 128 and the signal's number. */
const INTERRUPTED = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

async function main(words: readonly string[], terminal: Terminal): Promise<number> {
  let code: ExitCode = exitCodes.clean;
  const door = openDoor(terminal, (chosen) => (code = chosen));
  const program = new Command("shoreup")
    .description("Shore up your app before success breaks it.")
    .version(head.tool.version)
    .option("--debug", "show the stack of a fault")
    .showHelpAfterError("Next: shoreup --help, or shoreup help <verb>.");
  for (const verb of verbs) program.addCommand(verb(door).option("--debug", "show the stack of a fault"));
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeErr: (text) => terminal.say(printableLines(text.trimEnd())) });
    if (command !== program) command.copyInheritedSettings(program);
  }
  try {
    await program.parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    door.progress.end();
    return explained(error, terminal, words.includes("--debug"));
  }
}

/** The error in words on stderr, and the exit code it means. */
function explained(error: unknown, { say, chatter: { paint } }: Terminal, debug: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.failed;
  if (error instanceof Interrupted) return INTERRUPTED[error.signal as keyof typeof INTERRUPTED] ?? exitCodes.failed;
  const explanation = explanationOf(error);
  if (explanation === null) {
    say(
      `${paint.red("This is a fault in Shoreup:")} ${printable(error instanceof Error ? error.message : String(error))}`,
    );
    say("Please report it with the command and, if you can, the app: the repository is named in package.json.");
    say(debug && error instanceof Error ? printableLines(error.stack ?? "") : "--debug shows where it happened.");
    return exitCodes.failed;
  }
  const { what, why, next, log } = explanation;
  say(`${paint.red("shoreup:")} ${printable(what)}`);
  if (why !== "") say(`  why:  ${printable(why)}`);
  for (const line of log.slice(-12)) say(paint.dim(`  | ${printable(line)}`));
  say(`  next: ${printable(next)}`);
  return error instanceof Stop ? error.exitCode : exitCodes.failed;
}

/** A reader such as `head` that has seen enough is no error. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? exitCodes.clean : exitCodes.failed);
});

process.exitCode = await main(process.argv.slice(2), openTerminal(process.stdout, process.stderr, process.env));
