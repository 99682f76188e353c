/** What proves packed answers: the same pages in fewer bytes. */
import { lighterAnswers } from "../../verify/designs/index.ts";
import type { Experiment } from "../../verify/experiment.ts";

export const experiments: readonly Experiment[] = [
  {
    ...lighterAnswers({
      id: "cdn/answers-travel-packed",
      component: "cdn",
      title: "What users read travels packed",
      hypothesis: "Users get the same answers in fewer bytes and wait no longer for them.",
    }),
    rules: ["cdn/no-compression"],
  },
];
