/** What a container asks of the node it runs on, where its manifest says nothing: numbers to start from, and said to be so. */
import { packagesInReach } from "../../../analyzers/serving/product.ts";
import type { Container } from "../../../analyzers/deployment/kubernetes.ts";
import { record } from "../../../analyzers/services/container-files.ts";
import type { Json } from "../../../patches/edit.ts";
import { type Case, type Change, type Gap, unknownRun } from "./case.ts";

const requests = { cpu: "100m", memory: "256Mi" };
const leastLimit = 512;

/** Packages whose processes need more than any number that could be written here, or nobody knows how much. */
const hungry =
  /^(puppeteer|playwright|@sparticuz\/chromium|fluent-ffmpeg|ffmpeg|@ffmpeg|onnxruntime|@tensorflow\/|@xenova\/|@huggingface\/transformers|node-llama-cpp|canvas|sharp$|libreoffice)/;

export function resourceGaps(each: Case): Gap[] {
  const { own, run } = each;
  if (hasDefaults(each)) return [];
  const without = (key: "requests" | "limits"): Container[] => own.filter((container) => !container[key]);
  const limit = limitFor(each);
  const eater = run === null ? null : limit === null ? "its request" : memoryEater(each);
  const missing = (key: "requests" | "limits", value: Json): Gap["mend"] =>
    run === null
      ? { cannot: unknownRun }
      : {
          changes: without(key).map(({ name }): Change => ({
            in: "container",
            name,
            set: { resources: { [key]: value } },
          })),
          notes: [
            key === "requests"
              ? `The requests (${requests.cpu} of a processor, ${requests.memory} of memory) are a start, not a measurement: look at \`kubectl top pod\` under load and correct them.`
              : `The memory limit (${limit}) is a start, too: a pod that comes near it in \`kubectl top pod\` needs more, or has a leak. There is no processor limit on purpose: it slows requests down while the node has time to spare.`,
          ],
        };
  return [
    ...(without("requests").length === 0
      ? []
      : [
          {
            what: "resource requests",
            isGrave: true,
            why: "Without requests the scheduler piles pods on one node until it chokes.",
            mend: missing("requests", requests),
          },
        ]),
    ...(without("limits").length === 0
      ? []
      : [
          {
            what: "resource limits",
            isGrave: false,
            why: "Without a memory limit one leak takes its neighbours down.",
            mend:
              eater === null
                ? missing("limits", { memory: limit })
                : { cannot: `${eater} decides how much memory it needs, and that has to be measured` },
          },
        ]),
  ];
}

/** Twice what is asked for, and not less than a small app needs; null where the request is not read. */
function limitFor({ body }: Case): string | null {
  const { memory } = record(record(body["resources"])["requests"]);
  if (memory === undefined) return `${leastLimit}Mi`;
  const [, amount, unit] = /^(\d+)(Mi|Gi)$/.exec(typeof memory === "string" ? memory : "") ?? [];
  return amount === undefined ? null : `${Math.max(leastLimit, Number(amount) * (unit === "Gi" ? 2048 : 2))}Mi`;
}

/** A limit range gives defaults to containers that say nothing. */
function hasDefaults({ beside }: Case): boolean {
  return beside.some(({ kind, spec }) => kind === "LimitRange" && JSON.stringify(spec).includes('"default'));
}

/** What speaks against a small limit: a heap that is set larger, or a package that eats memory outside the heap. */
function memoryEater({ run, body, model }: Case): string | null {
  if (run === null) return null;
  const texts = [run.service.start, JSON.stringify(body), ...(run.image?.image.steps ?? []).map(({ text }) => text)];
  if (texts.some((text) => text?.includes("max-old-space-size"))) return "the heap size that it is started with";
  return [...packagesInReach(model, run.service)].find((name) => hungry.test(name)) ?? null;
}
