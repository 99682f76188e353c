/** What is asked of whoever knows the cluster, where no patch can do it. */
import type { Brief } from "../../../patches/edit.ts";
import type { Finding } from "../../finding.ts";
import type { Gap } from "./case.ts";

type Words = Omit<Brief, "findingId">;

const ofWorkload = {
  constraints: [
    "Liveness asks an address that touches nothing else; readiness turns before the pod stops.",
    "Requests come from what the pod uses today (kubectl top), the memory limit from its peak.",
    "The image is named by a version or digest that the pipeline writes.",
    "Databases, caches and brokers are hosted, or kept by an operator; their addresses come from Secrets.",
  ],
  acceptance: "kubectl apply --dry-run=server accepts the manifest, and a rollout under load loses no request.",
};

const ofIngress = {
  constraints: [
    "The controller is replaced first, beside the old one: one that keeps the Ingress API (Traefik, HAProxy, the cloud's own) or one of the Gateway API (Envoy Gateway, Traefik, Cilium).",
    "Towards the Gateway API `ingress2gateway print` turns the rules into a Gateway and HTTPRoutes; annotations that it does not know (body size, timeouts, limits, redirects) are carried over by hand.",
    "Names, certificates and paths stay as they are; DNS moves only after the new way in has answered for all of them.",
  ],
  acceptance:
    "Every host and path answers by the new way in as it did before, and nothing of ingress-nginx runs any more.",
};

const ofProcess = {
  constraints: [
    "A Deployment of its own from the web process's image, with the same settings, `command` as the app's script has it, no ports and no Service.",
    "Its labels are not those that the web process's Service selects.",
    "terminationGracePeriodSeconds is longer than a job takes.",
    "The pipeline writes the same version into both.",
  ],
  acceptance: "kubectl get deployments shows it ready, and a job that the web process hands out is done.",
};

export function briefForGaps({ file, line, message }: Finding, gaps: readonly Gap[]): Words {
  const reasons = [
    ...new Set(gaps.flatMap(({ what, mend }) => ("cannot" in mend ? `${capital(what)}: ${mend.cannot}.` : []))),
  ];
  return { where: { file, line }, why: [message, ...reasons].join(" "), ...ofWorkload };
}

export function besideBriefs({ file, line, message, anchor }: Finding): Words {
  const words = anchor.startsWith("process ") ? ofProcess : anchor === "ingress-nginx" ? ofIngress : ofWorkload;
  return { where: { file, line }, why: message, ...words };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
