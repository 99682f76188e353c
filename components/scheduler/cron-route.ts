/** What takes the place of a timer on a host that runs code only for a request: a route that the host's clock calls. */
import type { Model } from "../../analyzers/model.ts";
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";
import { jobNames } from "./job-names.ts";
import { schedulesOf } from "./schedules.ts";

/** How each host is told when to call. `HOW` stands for the expression, `PATH` for the route. */
const clocks: Readonly<Record<string, string>> = {
  vercel:
    'In vercel.json: `"crons": [{ "path": "PATH", "schedule": "HOW" }]`. Vercel sends `Authorization: Bearer $CRON_SECRET` with the call, counts the expression in UTC, and on its free plan calls once a day at most.',
  netlify:
    'A scheduled function: `export const config = { schedule: "HOW" }`, counted in UTC, at most 30 seconds long. It does the work itself, or calls PATH with the secret.',
  cloudflare:
    'In the wrangler file: `triggers.crons = ["HOW"]`, counted in UTC, and a `scheduled` handler that does what PATH would.',
  "aws-lambda":
    "An EventBridge schedule (`HOW`, written in its own form of cron) that starts the function or calls PATH.",
};

export function cronRoute(
  finding: Finding,
  targets: readonly string[],
  model: Model,
): Pick<Brief, "constraints" | "acceptance"> {
  const schedule = schedulesOf(model).find(({ call }) => call.id === finding.call);
  const [name = "job"] = schedule === undefined ? [] : jobNames([schedule], model);
  const expression = schedule?.call.args.find((arg) => arg.kind === "literal" && typeof arg.value === "string");
  const every = schedule?.seconds ?? null;
  const how =
    expression?.kind === "literal" ? String(expression.value) : every === null ? "the job's expression" : beat(every);
  const path = `/api/cron/${name}`;
  const target = targets.find((each) => Object.hasOwn(clocks, each)) ?? "";
  const clock = (clocks[target] ?? "The host's own scheduler calls PATH at `HOW`.")
    .replaceAll("PATH", path)
    .replaceAll("HOW", how);
  return {
    constraints: [
      `A route \`GET ${path}\` awaits the job and answers 200 when it is done, 500 when it fails; the timer goes.`,
      "The route answers 401 unless the `Authorization` header is `Bearer` and the value of `CRON_SECRET`; without that variable it answers 401 to everybody. It comes before the app's own login.",
      clock,
      "The host may call twice or while the last call is under way: what was done is marked row by row, so that a second call finds nothing left to do.",
      "Work that takes longer than the host lets a request run is cut into parts that the next call goes on with.",
    ],
    acceptance: `\`GET ${path}\` answers 401 without the secret; with it the job's work is done before the answer, and a second call right after does nothing more.`,
  };
}

/** Minutes and hours as far as an expression can say them. */
function beat(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return `*/${minutes} * * * *`;
  const hours = Math.round(minutes / 60);
  return hours < 24 ? `0 */${hours} * * *` : "0 0 * * *";
}
