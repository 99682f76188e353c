/** The probes that a container lacks: when it gets requests, and when it is started again. */
import type { Json } from "../../../patches/edit.ts";
import { pathsToAsk, portToAsk } from "./address.ts";
import { type Case, type Gap, unknownRun } from "./case.ts";

const notCertain =
  "the port that the app listens on and the one that the manifest names could not be told to be the same";

export function probeGaps(each: Case): Gap[] {
  const { main, run, model } = each;
  if (main.length === 0) return [];
  const lacks = {
    readiness: main.every(({ readiness }) => readiness === null),
    liveness: main.every(({ liveness }) => liveness === null),
  };
  if (!lacks.readiness && !lacks.liveness) return [];
  const port = portToAsk(each);
  const paths = run === null ? { ready: null, alive: null } : pathsToAsk(run.service, model);
  const why = run === null ? unknownRun : notCertain;
  const [container] = main;
  const name = container?.name ?? "";
  return [
    ...(lacks.readiness
      ? [
          {
            what: "a readiness probe",
            isGrave: true,
            why: "Without a readiness probe users are sent to pods that are still starting or cannot answer.",
            mend: port === null ? { cannot: why } : readiness(name, port, paths.ready),
          },
        ]
      : []),
    ...(lacks.liveness
      ? [
          {
            what: "a liveness probe",
            isGrave: false,
            why: "Without a liveness probe a pod that hangs is never restarted.",
            mend:
              port === null
                ? { cannot: why }
                : paths.alive === null
                  ? { cannot: "no address of the app is known that answers without asking a database" }
                  : liveness(name, { port, path: paths.alive }, changesAtStart(each)),
          },
        ]
      : []),
  ];
}

function readiness(name: string, port: string | number, path: string | null): Gap["mend"] {
  const asks: { [key: string]: Json } = path === null ? { tcpSocket: { port } } : { httpGet: { path, port } };
  return {
    changes: [{ in: "container", name, set: { readinessProbe: { ...asks, periodSeconds: 5 } } }],
    notes:
      path === null
        ? [
            "The readiness probe only asks whether the port is open, because no health address of the app is known; let it ask one as soon as there is one.",
          ]
        : [],
  };
}

/** A minute without an answer, so that a slow moment restarts nothing; five where the database is changed at the start. */
function liveness(name: string, at: { path: string; port: string | number }, isSlow: boolean): Gap["mend"] {
  const httpGet = { path: at.path, port: at.port };
  const startup = { httpGet, periodSeconds: 5, failureThreshold: 60 };
  const probe = { httpGet, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 };
  return {
    changes: [
      {
        in: "container",
        name,
        set: isSlow ? { startupProbe: startup, livenessProbe: probe } : { livenessProbe: probe },
      },
    ],
    notes: ["A pod is restarted when it has not answered for a minute."],
  };
}

/** Migrations and scripts before the server listens take as long as they take. */
function changesAtStart({ run, body }: Case): boolean {
  const { entrypoint = null, cmd = null } = run?.image?.image ?? {};
  const commands = [run?.service.start, entrypoint?.text, cmd?.text].join(" ");
  return body["startupProbe"] === undefined && /&&|;|\.sh\b|migrat|db push/.test(commands);
}
