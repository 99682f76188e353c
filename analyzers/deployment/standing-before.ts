/** What stands between the users and a service: proxies, load balancers, CDNs, as the repo's files show them. */
import { deploysOf } from "./hosting.ts";
import type { Model, Place, Service } from "../model.ts";
import { servingOf } from "../serving/serving.ts";

export interface Before extends Place {
  kind: "platform" | "nginx" | "caddy" | "proxy" | "ingress" | "load-balancer" | "cdn";
  /** `config`: a file configures it. `platform`: the host brings it. `prose`: a README says so. */
  shows: "config" | "platform" | "prose";
  /** Its name, for sentences: "nginx", "Heroku's router". */
  name: string;
  /** The configuration's own text; empty for hosts and prose. */
  text: string;
}

/** Hosts that put a proxy of their own in front of a process. */
const routers: Readonly<Record<string, string>> = {
  heroku: "Heroku's router",
  render: "Render's proxy",
  railway: "Railway's proxy",
  fly: "Fly's proxy",
  "cloud-run": "Google's front end",
  "app-engine": "Google's front end",
  digitalocean: "DigitalOcean's router",
  "aws-app-runner": "App Runner's load balancer",
  "azure-app-service": "Azure's front end",
};

interface Sign {
  file: RegExp;
  text: RegExp;
  kind: Before["kind"];
  name: string;
}

const signs: readonly Sign[] = [
  {
    file: /\.conf(\.template|\.tpl|\.j2|\.erb)?$|(^|\/)nginx[^/]*$|\/nginx\/[^/]+$|sites-(available|enabled)\//i,
    text: /^[ \t]*proxy_pass\s/m,
    kind: "nginx",
    name: "nginx",
  },
  { file: /(^|\/)Caddyfile[^/]*$/, text: /^[ \t]*reverse_proxy\b/m, kind: "caddy", name: "Caddy" },
  { file: /haproxy[^/]*\.cfg$/i, text: /^[ \t]*backend\s/m, kind: "proxy", name: "HAProxy" },
  {
    file: /(^|\/)(docker-)?compose[^/]*\.ya?ml$/i,
    text: /^[ \t]*image:\s*["']?(\w+\/)?(traefik|caddy|haproxy|nginx-proxy|nginxproxy\/nginx-proxy)\b|traefik\.http\.routers/m,
    kind: "proxy",
    name: "a proxy",
  },
  {
    file: /\.ya?ml$/,
    text: /^kind:\s*["']?(Ingress|HTTPRoute|IngressRoute)\b/m,
    kind: "ingress",
    name: "the cluster's ingress",
  },
  {
    file: /\.(tf|ya?ml)$/,
    text: /"aws_a?lb"|AWS::ElasticLoadBalancingV2::LoadBalancer|"google_compute_backend_service"|kubernetes\.io\/ingress\.class:\s*["']?alb|ingressClassName:\s*["']?alb/m,
    kind: "load-balancer",
    name: "a load balancer",
  },
  {
    file: /\.(tf|ya?ml)$/,
    text: /"aws_cloudfront_distribution"|AWS::CloudFront::Distribution|"cloudflare_record"|"google_compute_backend_bucket"/m,
    kind: "cdn",
    name: "a CDN",
  },
];

const known = new WeakMap<Model, { files: Before[]; prose: Before[]; alone: boolean }>();

/** Everything that is known to stand before a service, configuration first. */
export function standingBefore(model: Model, service: Service): readonly Before[] {
  const found = known.get(model) ?? { files: fromFiles(model), prose: fromProse(model), alone: isOnlyServer(model) };
  known.set(model, found);
  const { files, prose, alone } = found;
  const hosts = deploysOf(model, service).flatMap(({ target, evidence }): Before[] => {
    const name = routers[target];
    return name === undefined ? [] : [{ ...evidence, kind: "platform", shows: "platform", name, text: "" }];
  });
  const own = files.filter((each) => alone || speaksOf(each, service));
  return [...own, ...hosts, ...prose];
}

function isOnlyServer(model: Model): boolean {
  return model.services.filter((service) => servingOf(model, service).kind !== "none").length <= 1;
}

/** Where there are several services, a proxy is the one's that it names. */
function speaksOf({ text, file }: Before, { name, root, port }: Service): boolean {
  const folder = root.split("/").at(-1) ?? "";
  const names = [name.replace(/^@[^/]+\//, ""), folder].filter((each) => each.length > 2 && each !== ".");
  const targets = [
    ...text.matchAll(
      /(?:proxy_pass\s+https?:\/\/|reverse_proxy\s+(?:\S+\s+)?|\bname:\s*|\bserver\s+|host:\s*)["']?([\w.-]+)(?::(\d+))?/g,
    ),
  ];
  const isNamed = targets.some(([, host = ""]) =>
    names.some((each) => host === each || host.startsWith(`${each}-`) || host.startsWith(`${each}.`)),
  );
  const isAtPort = targets.some(([, , at]) => at !== undefined && Number(at) === port.value);
  return isNamed || isAtPort || (root !== "." && file.startsWith(`${root}/`) && targets.length === 0);
}

function fromFiles({ repo }: Model): Before[] {
  return repo.files.flatMap((file) => {
    const fitting = isSample(file) ? [] : signs.filter((sign) => sign.file.test(file));
    if (fitting.length === 0) return [];
    const text = repo.read(file) ?? "";
    return fitting.flatMap(({ text: pattern, kind, name }): Before[] => {
      const found = pattern.exec(text);
      return found === null ? [] : [{ file, line: lineAt(text, found), kind, shows: "config", name, text }];
    });
  });
}

function isSample(file: string): boolean {
  return /(^|\/)(node_modules|examples?|samples?|docs?|fixtures|templates?|tests?)\//i.test(file);
}

const proxies = "(nginx|caddy|traefik|haproxy|apache|alb|elb|load balancer|cloudflare|cloudfront)";
const says = new RegExp(
  `\\b(behind|proxied (by|through)|fronted by|sits behind|served (by|through))\\b[^.\\n]{0,40}?\\b${proxies}\\b`,
  "i",
);
const hedged = /\b(if|when|can|could|may|might|should|optional(ly)?|recommend|example|e\.g|want|or)\b/i;

/** A sentence of a README that says it as a fact, not as advice. */
function fromProse({ repo }: Model): Before[] {
  const pages = repo.files.filter((file) => /^(readme|deploy\w*|docs\/deploy\w*|hosting)\.(md|txt)$/i.test(file));
  return pages.flatMap((file) =>
    (repo.read(file) ?? "").split("\n").flatMap((text, index): Before[] => {
      const found = says.exec(text);
      if (found === null || hedged.test(text)) return [];
      const name = (found[4] ?? "").toLowerCase();
      const kind = /cloud(flare|front)/.test(name)
        ? "cdn"
        : name === "nginx" || name === "caddy"
          ? name
          : /lb$|balancer/.test(name)
            ? "load-balancer"
            : "proxy";
      return [{ file, line: index + 1, kind, shows: "prose", name: found[4] ?? "", text: "" }];
    }),
  );
}

function lineAt(text: string, { index, 0: found }: RegExpExecArray): number {
  return text
    .slice(0, index + found.length)
    .trimEnd()
    .split("\n").length;
}

/** Whether something before the service packs its answers: a proxy that is told to, or a CDN. */
export function compressesBefore(before: readonly Before[]): boolean {
  return before.some(
    ({ kind, text }) =>
      kind === "cdn" ||
      (kind === "caddy" && /^[ \t]*encode\b/m.test(text)) ||
      /^[ \t]*(gzip|brotli)\s+on\b/m.test(text) ||
      /middlewares?[\w.-]*\.compress|nginx\.ingress\.kubernetes\.io\/[^\n]*gzip/i.test(text),
  );
}
