/** The JSON Schema of every `--json` answer, made from the zod schemas that also give the types. */
import { z } from "zod";
import { Assessment } from "./answers/assessment.ts";
import { Catalogue } from "./answers/catalogue.ts";
import { ApplyAnswer, UndoAnswer } from "./answers/changes.ts";
import { HardeningAnswer } from "./answers/hardening.ts";
import { PlanAnswer } from "./answers/plan.ts";
import { VerificationAnswer } from "./answers/verification.ts";

/** Verb -> schema of what it prints with `--json`. */
export const answers = {
  assess: Assessment,
  components: Catalogue,
  plan: PlanAnswer,
  patch: PlanAnswer,
  apply: ApplyAnswer,
  undo: UndoAnswer,
  verify: VerificationAnswer,
  harden: HardeningAnswer,
} as const;

/** File name -> text of the schema file, as shipped in `report/schema/`. */
export function schemaFiles(): Map<string, string> {
  return new Map(
    Object.entries(answers).map(([verb, schema]) => {
      const json = { ...z.toJSONSchema(schema, { io: "output" }), title: `shoreup ${verb} --json` };
      return [`${verb}.generated.json`, `${JSON.stringify(json, null, 2)}\n`];
    }),
  );
}
