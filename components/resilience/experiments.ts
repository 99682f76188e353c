/** What proves resilience: bounded answers while others hang, and done orders although the mail fails. */
import { failingMail, hungOutside } from "../../verify/designs/index.ts";
import type { Experiment, Scenario, Subject } from "../../verify/experiment.ts";
import { reachesSink, routesOf } from "../../verify/scenarios/select.ts";
import { exposedCalls } from "./secondary.ts";

/** A little longer than the limit that the recipe writes for HTTP calls. */
const serviceHangs = hungOutside({
  id: "resilience/outside-service-hangs",
  component: "resilience",
  title: "An outside service hangs",
  hypothesis: "Requests end in bounded time while the services they call say nothing.",
  reaches: ["http"],
  withinMilliseconds: 12_000,
});

const mailRefused = failingMail({
  id: "resilience/mail-server-refuses",
  component: "resilience",
  title: "The mail server refuses every mail",
  hypothesis: "What the user asked for is done and answered as done although its mail cannot be sent.",
});

export const experiments: readonly Experiment[] = [
  {
    ...serviceHangs,
    rules: ["resilience/external-http-no-timeout", "resilience/sdk-default-timeout"],
    design: (subject) => serviceHangs.design(ordered(subject, hasLongerCalls)),
  },
  {
    ...mailRefused,
    rules: ["resilience/secondary-failure-breaks-primary", "resilience/smtp-no-timeout"],
    design: (subject) => mailRefused.design(ordered(subject, isNotExposed)),
  },
];

function ordered(subject: Subject, last: (subject: Subject, scenario: Scenario) => boolean): Subject {
  const rank = (scenario: Scenario): number => Number(last(subject, scenario));
  return { ...subject, scenarios: subject.scenarios.toSorted((a, b) => rank(a) - rank(b)) };
}

/** Models and payments are given more time, so a scenario without them shows the limit of the rest. */
function hasLongerCalls({ before }: Subject, scenario: Scenario): boolean {
  return reachesSink(before, scenario, ["model", "payment"]);
}

function isNotExposed({ before }: Subject, scenario: Scenario): boolean {
  const routes = new Set(exposedCalls(before).flatMap(({ ways }) => ways.map(({ entry }) => entry.routeId)));
  return !routesOf(before, scenario).some(({ id }) => routes.has(id));
}
