/** Where the app is deployed, from the files that platforms and pipelines read. */
import { posix } from "node:path";
import type { Deploy } from "../model.ts";
import type { Repo } from "../repo/repo.ts";
import { isForDevelopment, parseYaml, readComposeServices, readDockerfiles, record } from "./container-files.ts";
import { lineHolding } from "./manifest.ts";

/** File names that belong to one platform alone. */
const PLATFORM_FILES: readonly (readonly [RegExp, string])[] = [
  [/^(vercel|now)\.json$/, "vercel"],
  [/^Dockerfile\.vercel$/, "vercel"],
  [/^render\.ya?ml$/, "render"],
  [/^fly(\.[\w-]+)?\.toml$/, "fly"],
  [/^(railway\.(json|toml)|nixpacks\.toml|railpack\.json)$/, "railway"],
  [/^netlify\.toml$/, "netlify"],
  [/^wrangler\.(toml|jsonc?)$/, "cloudflare"],
  [/^Procfile$/, "heroku"],
  [/^\.replit$/, "replit"],
  [/^apprunner\.ya?ml$/, "aws-app-runner"],
  [/^serverless\.(ya?ml|ts|js)$/, "aws-lambda"],
  [/^firebase\.json$/, "firebase"],
  [/^captain-definition$/, "caprover"],
];
/** Adapters and presets by which a framework's build is made for one host, in its own configuration. */
const BUILD_TARGETS: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^svelte\.config\.[cm]?[jt]s$/, /@sveltejs\/adapter-vercel/, "vercel"],
  [/^svelte\.config\.[cm]?[jt]s$/, /@sveltejs\/adapter-netlify/, "netlify"],
  [/^svelte\.config\.[cm]?[jt]s$/, /@sveltejs\/adapter-cloudflare/, "cloudflare"],
  [/^svelte\.config\.[cm]?[jt]s$/, /^(?![^]*@sveltejs\/adapter-(?!static))[^]*@sveltejs\/adapter-static/, "static"],
  [/^(nuxt|nitro)\.config\.[cm]?[jt]s$/, /\bpreset:\s*["']vercel/, "vercel"],
  [/^(nuxt|nitro)\.config\.[cm]?[jt]s$/, /\bpreset:\s*["']netlify/, "netlify"],
  [/^(nuxt|nitro)\.config\.[cm]?[jt]s$/, /\bpreset:\s*["']cloudflare/, "cloudflare"],
  [/^(nuxt|nitro)\.config\.[cm]?[jt]s$/, /\bpreset:\s*["']aws-lambda/, "aws-lambda"],
  [/^(vite|astro|react-router)\.config\.[cm]?[jt]s$/, /@vercel\/(remix|react-router)|@astrojs\/vercel/, "vercel"],
  [/^(vite|astro)\.config\.[cm]?[jt]s$/, /@netlify\/(remix|vite-plugin)|@astrojs\/netlify/, "netlify"],
  [/^(vite|astro)\.config\.[cm]?[jt]s$/, /@cloudflare\/vite-plugin|@astrojs\/cloudflare/, "cloudflare"],
];
const PM2_FILE = /^(ecosystem|pm2|process)\.(config\.)?(js|cjs|mjs|json|ya?ml)$/;
const KUBERNETES_KINDS = /^(Deployment|StatefulSet|DaemonSet|Service|Ingress|CronJob|Job|Pod|Kustomization|HTTPRoute)$/;

/** What a step of a GitHub workflow deploys to. */
const DEPLOY_STEPS: readonly (readonly [RegExp, string])[] = [
  [/amondnet\/vercel-action|\bvercel\s+(deploy|--prod|pull)/, "vercel"],
  [/superfly\/flyctl-actions|\bfly(ctl)?\s+deploy/, "fly"],
  [/railwayapp\/|bervProject\/railway-deploy|\brailway\s+up/, "railway"],
  [/render-deploy|api\.render\.com\/deploy/, "render"],
  [/akhileshns\/heroku-deploy|git\.heroku\.com/, "heroku"],
  [/actions-netlify|\bnetlify\s+deploy/, "netlify"],
  [/cloudflare\/wrangler-action|\bwrangler\s+(deploy|publish)/, "cloudflare"],
  [/google-github-actions\/deploy-cloudrun|gcloud\s+run\s+deploy/, "cloud-run"],
  [/deploy-appengine|gcloud\s+app\s+deploy/, "app-engine"],
  [/amazon-ecs-deploy-task-definition|aws\s+ecs\s+update-service/, "aws-ecs"],
  [/azure\/webapps-deploy/, "azure-app-service"],
  [/\bkubectl\s+(apply|set image|rollout)|\bhelm\s+upgrade|azure\/k8s-deploy/, "kubernetes"],
  [/appleboy\/(ssh|scp)-action|easingthemes\/ssh-deploy|\bpm2\s+(reload|restart|start)/, "vm"],
];
const YAML_LIMIT = 200_000;

/** Every deploy target with the place that shows it, the most telling first: platform files, manifests, pipelines, then bare containers. */
export function findDeploy(repo: Repo): Deploy[] {
  const found = [
    ...fromPlatformFiles(repo),
    ...fromAppFiles(repo),
    ...fromBuildTargets(repo),
    ...fromKubernetes(repo),
    ...fromWorkflows(repo),
    ...fromCloudBuild(repo),
    ...fromManifests(repo),
    ...fromContainers(repo),
    ...repo.files.filter((file) => isPm2File(repo, file)).map((file) => at("vm", file, 1)),
  ];
  return found.filter((each, index) => found.findIndex((other) => other.target === each.target) === index);
}

/** By its full name, or by a shorter one that other files have too (`routes/ecosystem.js`) and what stands in it. */
function isPm2File(repo: Repo, file: string): boolean {
  const name = posix.basename(file);
  return PM2_FILE.test(name) && (name.includes(".config.") || startsProcesses(repo.read(file) ?? ""));
}

/** Whether a text says what pm2 is to start (pm2 documentation, ecosystem file). */
export function startsProcesses(text: string): boolean {
  return /\bapps\b|["']?\bscript["']?\s*:/.test(text);
}

function at(target: string, file: string, line: number): Deploy {
  return { target, evidence: { file, line } };
}

/** Platform files count at the root or near it; deeper ones belong to samples. */
function isNear(file: string): boolean {
  return file.split("/").length <= 3 && !/(^|\/)(examples?|samples?|docs?|fixtures|templates?|tests?)\//.test(file);
}

/** Cloud Build hands the words of a command over as a list: `args: ["run", "deploy", ...]`. */
const CLOUD_BUILD: readonly (readonly [RegExp, string])[] = [
  [/\bgcloud\s+run\s+deploy\b|["']?\brun["']?(?:,|\s*\n[ \t]*-)[ \t]*["']?deploy\b/, "cloud-run"],
  [/\bgcloud\s+app\s+deploy\b|["']?\bapp["']?(?:,|\s*\n[ \t]*-)[ \t]*["']?deploy\b/, "app-engine"],
];

function fromCloudBuild(repo: Repo): Deploy[] {
  return repo.files.filter(isNear).flatMap((file) => {
    if (!/^cloudbuild[\w.-]*\.ya?ml$/.test(posix.basename(file))) return [];
    const text = (repo.read(file) ?? "").slice(0, YAML_LIMIT);
    return CLOUD_BUILD.flatMap(([pattern, target]) =>
      pattern.test(text) ? [at(target, file, lineHolding(text, pattern))] : [],
    );
  });
}

function fromPlatformFiles(repo: Repo): Deploy[] {
  const near = repo.files.filter(isNear);
  return PLATFORM_FILES.flatMap(([pattern, target]) =>
    near.filter((file) => pattern.test(posix.basename(file))).map((file) => at(target, file, 1)),
  );
}

/** `app.yaml` is App Engine's or DigitalOcean's by what stands in it; `app.json` is Heroku's when it names add-ons or a formation. */
function fromAppFiles(repo: Repo): Deploy[] {
  return repo.files.filter(isNear).flatMap((file) => {
    const name = posix.basename(file);
    const text = /^app\.(ya?ml|json)$/.test(name) ? (repo.read(file) ?? "") : "";
    if (/^app\.ya?ml$/.test(name) && /^runtime:/m.test(text))
      return [at("app-engine", file, lineHolding(text, /^runtime:/m))];
    if (/^app\.ya?ml$/.test(name) && posix.dirname(file).endsWith(".do")) return [at("digitalocean", file, 1)];
    const heroku = /"(addons|formation|buildpacks)"\s*:/;
    return name === "app.json" && heroku.test(text) ? [at("heroku", file, lineHolding(text, heroku))] : [];
  });
}

function fromBuildTargets(repo: Repo): Deploy[] {
  return repo.files.filter(isNear).flatMap((file) => {
    const name = posix.basename(file);
    const rows = BUILD_TARGETS.filter(([pattern]) => pattern.test(name));
    const text = rows.length === 0 ? "" : withoutComments(repo.read(file) ?? "");
    return rows.flatMap(([, shows, target]) => (shows.test(text) ? [at(target, file, lineHolding(text, shows))] : []));
  });
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\/|(?<!:)\/\/[^\n]*/g, (comment) => comment.replace(/[^\n]/g, " "));
}

function fromKubernetes(repo: Repo): Deploy[] {
  for (const file of repo.files) {
    if (!/\.ya?ml$/.test(file) || file.startsWith(".github/")) continue;
    const text = repo.read(file) ?? "";
    if (posix.basename(file) === "Chart.yaml") return [at("kubernetes", file, 1)];
    const kind = /^kind:\s*["']?(\w+)/m.exec(text);
    if (text.length > YAML_LIMIT || kind === null || !/^apiVersion:\s*\S/m.test(text)) continue;
    if (KUBERNETES_KINDS.test(kind[1] ?? "")) return [at("kubernetes", file, lineHolding(text, /^kind:/m))];
  }
  return [];
}

function fromWorkflows(repo: Repo): Deploy[] {
  return repo.files
    .filter((file) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(file))
    .flatMap((file) => {
      const text = repo.read(file) ?? "";
      const steps = stepTexts(parseYaml(text.slice(0, YAML_LIMIT))).map(withoutTrials);
      return DEPLOY_STEPS.filter(([pattern]) => steps.some((step) => pattern.test(step))).map(([pattern, target]) =>
        at(target, file, lineHolding(text, pattern)),
      );
    });
}

/** Packages that do something on Vercel only; Next apps there need no file of the platform's own. */
const VERCEL_PACKAGE = /"@vercel\/(analytics|speed-insights|blob|kv|postgres|edge-config|functions)"\s*:/;
/** A script by which the app is handed to Cloudflare; its wrangler.toml may hold secrets and stay out of the repo. */
const WRANGLER_SCRIPT = /"\s*:\s*"[^"\n]*\bwrangler\s+(deploy|publish)\b/;

function fromManifests(repo: Repo): Deploy[] {
  return repo.files
    .filter((file) => isNear(file) && posix.basename(file) === "package.json")
    .flatMap((file) => {
      const text = repo.read(file) ?? "";
      if (WRANGLER_SCRIPT.test(text)) return [at("cloudflare", file, lineHolding(text, WRANGLER_SCRIPT))];
      return /"next"\s*:/.test(text) && VERCEL_PACKAGE.test(text)
        ? [at("vercel", file, lineHolding(text, VERCEL_PACKAGE))]
        : [];
    });
}

/** `uses` and `run` of every step; comments and names never count. */
function stepTexts(workflow: unknown): string[] {
  return Object.values(record(record(workflow)["jobs"])).flatMap((job) => {
    const steps = record(job)["steps"];
    return (Array.isArray(steps) ? steps : []).flatMap((step) => {
      const { uses, run } = record(step);
      return [uses, run].filter((each) => typeof each === "string");
    });
  });
}

/** Commands that only try whether something could be deployed are none. */
function withoutTrials(step: string): string {
  return step
    .split("\n")
    .filter((line) => !/\s--dry-run\b/.test(line))
    .join("\n");
}

/** An image that only prepares a database, a broker or a monitor for the app. */
function isInfrastructure(repo: Repo, dockerfile: string): boolean {
  const base = [...(repo.read(dockerfile) ?? "").matchAll(/^[ \t]*FROM\s+(?:--\S+\s+)*(\S+)/gim)].at(-1)?.[1] ?? "";
  return /(^|\/)(postgres|postgis|mysql|mariadb|mongo|redis|valkey|kafka|cp-kafka|rabbitmq|nats|prometheus|grafana|elasticsearch|opentelemetry-collector[\w-]*)(:|@|$)/i.test(
    base,
  );
}

function fromContainers(repo: Repo): Deploy[] {
  const docker = readDockerfiles(repo)
    .filter((each) => !isForDevelopment(each.file) && !isInfrastructure(repo, each.file))
    .map((each) => at("docker", each.file, 1));
  const compose = readComposeServices(repo).flatMap((each) =>
    each.build === null || isInfrastructure(repo, posix.join(each.build, "Dockerfile"))
      ? []
      : [at("compose", each.file, each.line)],
  );
  return [...docker, ...compose];
}
