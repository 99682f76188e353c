/** What a container may do on its node: nothing that its image is not known to need. */
import { packagesInReach } from "../../../analyzers/serving/product.ts";
import type { ShippedImage } from "../../../analyzers/deployment/dockerfile.ts";
import type { Json } from "../../../patches/edit.ts";
import { type Case, type Gap, unknownRun } from "./case.ts";

/** Browsers shut themselves in by calls that the runtime's own profile forbids. */
const browsers = /^(puppeteer|playwright|@sparticuz\/chromium|chrome-aws-lambda)/;

export function securityGaps(each: Case): Gap[] {
  const { workload, own } = each;
  if (workload.secured || own.every(({ secured }) => secured)) return [];
  return [
    {
      what: "a security context",
      isGrave: false,
      why: "Without a security context the container may run as root.",
      mend: secured(each),
    },
  ];
}

function secured({ own: [container], run, body, model }: Case): Gap["mend"] {
  if (run === null || container === undefined) return { cannot: unknownRun };
  const browser = [...packagesInReach(model, run.service)].find((name) => browsers.test(name));
  if (browser !== undefined)
    return { cannot: `${browser} starts a browser, whose own sandbox needs calls that it forbids` };
  const user = run.image === null ? null : userOf(run.image.image);
  const isRoot = user === null || user === "root";
  const isLowPort = JSON.stringify(body["ports"] ?? "").match(/"containerPort":\d{1,3}\b/) !== null;
  const asUser: { [key: string]: Json } =
    typeof user === "number"
      ? { runAsNonRoot: true, runAsUser: user }
      : user === "numeric"
        ? { runAsNonRoot: true }
        : {};
  return {
    changes: [
      {
        in: "container",
        name: container.name,
        set: {
          securityContext: {
            ...asUser,
            allowPrivilegeEscalation: false,
            // What root may no longer do with its capabilities gone (read others' files, change owners) an image may rely on.
            ...(isRoot || isLowPort ? {} : { capabilities: { drop: ["ALL"] } }),
            seccompProfile: { type: "RuntimeDefault" },
          },
        },
      },
    ],
    notes: isRoot
      ? [
          "The image is not known to run as another user than root, so `runAsNonRoot` and the dropping of capabilities were left out: add them once it does.",
        ]
      : [],
  };
}

/** The number of the image's user, as the cluster wants it; `numeric`: the image says a number itself; `named`: nobody knows it. */
function userOf({ user, base, steps }: ShippedImage): number | "numeric" | "named" | "root" | null {
  const name = user?.name.split(":")[0] ?? null;
  if (name === null) return /:.*nonroot|^cgr\.dev\/|\/chainguard\//.test(base) ? 65_532 : null;
  if (/^(root|0)$/.test(name)) return "root";
  if (/^\d+$/.test(name)) return "numeric";
  if (name === "node" && /^((docker\.io\/)?library\/|docker\.io\/)?node(:|$)/.test(base)) return 1000;
  if (name === "bun" && /(^|\/)oven\/bun(:|$)/.test(base)) return 1000;
  const made = steps.flatMap(({ keyword, text }) =>
    keyword === "RUN" && /\b(adduser|useradd)\b/.test(text) ? text.split(/&&|;/) : [],
  );
  const own = made.find((step) => /\b(adduser|useradd)\b/.test(step) && new RegExp(`\\s${name}\\b`).test(step));
  const id = /(?:\s-u|--uid)[\s=]+(\d+)/.exec(own ?? "")?.[1];
  return id === undefined ? "named" : Number(id);
}
