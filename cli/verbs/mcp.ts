/** `shoreup mcp`: the same verbs for a coding agent, over the Model Context Protocol on stdin and stdout. */
import { Command } from "commander";
import { exitCodes } from "../exit-codes.ts";
import { Stop } from "../stop.ts";
import { folderAt } from "../target.ts";
import { type Door, listOption } from "../verb.ts";

interface Options {
  root?: string;
  readOnly: boolean;
  tools?: string[];
}

export function mcp(door: Door): Command {
  return new Command("mcp")
    .description("serve a coding agent over the Model Context Protocol (stdio)")
    .option("--root <folder>", "confine every path to this folder")
    .option("--read-only", "offer no tool that writes files or runs the app", false)
    .addOption(listOption("--tools <names>", "offer only these tools"))
    .action(async ({ root, readOnly, tools }: Options) => {
      const { serve } = await import("../../server/index.ts");
      try {
        await serve({ root: root === undefined ? null : folderAt(root), readOnly, tools: tools ?? null });
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw new Stop(
          "The server cannot start like this.",
          error.message,
          "Correct or leave out --tools and --read-only.",
        );
      }
      door.finish(exitCodes.clean);
    });
}
