/** `shoreup components`: what is looked for, without an app. */
import { Command, Option } from "commander";
import { catalogue } from "../../report/answers/catalogue.ts";
import { catalogueText } from "../../report/text/catalogue.ts";
import { exitCodes } from "../exit-codes.ts";
import { answerJson, answerText, type Door, type Format } from "../verb.ts";

export function components(door: Door): Command {
  return new Command("components")
    .description("list the components, their rules and how each is proven")
    .addOption(new Option("--format <format>", "form of the answer").choices(["text", "json"]).default("text"))
    .addOption(new Option("--json", "the same as --format json").implies({ format: "json" }))
    .action(async ({ format }: { format: Format }) => {
      const registry = await import("../../components/registry.ts");
      const answer = catalogue(registry.components);
      if (format === "json") answerJson(door, answer);
      else answerText(door, catalogueText(answer, door.terminal.canvas));
      door.finish(exitCodes.clean);
    });
}
