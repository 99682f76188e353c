/** What proves resilience: bounded answers while others hang, and done orders although the mail fails. */
import { failingMail, hungOutside } from "../../verify/designs.ts";
import type { Experiment } from "../../verify/experiment.ts";

export const experiments: readonly Experiment[] = [
  hungOutside({
    id: "resilience/outside-service-hangs",
    component: "resilience",
    title: "An outside service hangs",
    hypothesis: "Requests end in bounded time while the services they call say nothing.",
    reaches: ["http"],
    withinMilliseconds: 12_000,
  }),
  failingMail({
    id: "resilience/mail-server-refuses",
    component: "resilience",
    title: "The mail server refuses every mail",
    hypothesis: "What the user asked for is done and answered as done although its mail cannot be sent.",
  }),
];
