/** Databases and caches that the app asks for and that no manifest gives it the address of. */
import { record } from "../../../analyzers/services/container-files.ts";
import type { Case, Gap } from "./case.ts";
import { settingOf } from "./settings.ts";

const address = /^(REDIS|VALKEY|DATABASE|DB|POSTGRES|PG|MYSQL|MONGO|MONGODB|S3|SMTP)(_\w+)?_?(URL|URI|DSN|HOST)$/;

export function backingGaps(each: Case): Gap[] {
  const { run, body, main } = each;
  // Nobody can say what a Secret that is taken whole holds.
  const isOpen = Array.isArray(body["envFrom"]) && body["envFrom"].some((from) => "secretRef" in record(from));
  if (run === null || main.length === 0 || isOpen) return [];
  const unset = run.service.env
    .filter(
      ({ name, default: usual }) =>
        address.test(name) && (usual === null || /localhost|127\.0\.0\.1/.test(String(usual))),
    )
    .filter(({ name }) => settingOf(name, each) === null);
  const names = [...new Set(unset.map(({ name }) => name))];
  if (names.length === 0) return [];
  return [
    {
      what: `the setting ${names.join(" and ")}`,
      isGrave: false,
      why: `The app reads ${names.join(" and ")}, and nothing in the manifests sets it.`,
      mend: {
        cannot:
          "databases and caches are not put into a cluster by a patch: take a hosted one or an operator that knows how to keep its data, and give its address in a Secret",
      },
    },
  ];
}
