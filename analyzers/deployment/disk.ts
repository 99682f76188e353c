/** Whether what a service writes to its disk is still there after the next deploy. */
import { posix } from "node:path";
import { deploysOf } from "./hosting.ts";
import type { Model, Place, Service } from "../model.ts";
import { parseYaml, record } from "../services/container-files.ts";

/**
 * `ephemeral`: the host or the container gives a fresh disk with each start. `volume`: a disk is mounted that stays; `paths`
 * are where, as far as they are known. `unknown`: nothing says.
 */
export type Disk =
  | { kind: "ephemeral"; note: string; place: Place }
  | { kind: "volume"; paths: string[]; place: Place }
  | { kind: "unknown" };

/** Hosts whose file system is gone with each deploy or restart, unless a disk is attached. */
const fresh: Readonly<Record<string, string>> = {
  vercel: "Vercel's functions",
  netlify: "Netlify's functions",
  "aws-lambda": "Lambda",
  cloudflare: "Cloudflare's workers",
  heroku: "Heroku",
  render: "Render",
  railway: "Railway",
  fly: "Fly",
  "cloud-run": "Cloud Run",
  "app-engine": "App Engine",
  "aws-app-runner": "App Runner",
  "aws-ecs": "ECS",
  digitalocean: "DigitalOcean's App Platform",
  kubernetes: "a Kubernetes pod",
  compose: "a container",
};

export function diskOf(model: Model, service: Service): Disk {
  const volume = volumes(model);
  if (volume !== null) return volume;
  for (const { target, evidence } of deploysOf(model, service)) {
    const host = fresh[target];
    if (host !== undefined)
      return { kind: "ephemeral", note: `${host} starts with a fresh disk each time`, place: evidence };
  }
  return { kind: "unknown" };
}

interface Sign {
  file: RegExp;
  text: RegExp;
  path: RegExp | null;
}

const signs: readonly Sign[] = [
  {
    file: /(^|\/)fly(\.[\w-]+)?\.toml$/,
    text: /^[ \t]*\[{1,2}mounts\]{1,2}/m,
    path: /^[ \t]*destination\s*=\s*["']([^"']+)/gm,
  },
  {
    file: /\.ya?ml$/,
    text: /^[ \t]*(-\s*)?persistentVolumeClaim:|^kind:\s*["']?PersistentVolumeClaim|^[ \t]*volumeClaimTemplates:/m,
    path: /^[ \t]*(?:-\s*)?mountPath:\s*["']?(\S+)/gm,
  },
  {
    file: /(^|\/)railway\.(json|toml)$/,
    text: /requiredMountPath/,
    path: /requiredMountPath["']?\s*[:=]\s*["']([^"']+)/g,
  },
  {
    file: /(^|\/)(Dockerfile[^/]*|[\w-]+\.dockerfile)$/i,
    text: /^[ \t]*VOLUME\s/m,
    path: /^[ \t]*VOLUME\s+\[?\s*["']?([^"'\],\s]+)/gm,
  },
  {
    file: /^readme\.md$/i,
    text: /docker run[\s\S]{0,400}?\s(-v|--volume)\s/,
    path: /\s(?:-v|--volume)\s+["']?[^\s:"']+:([^\s:"']+)/g,
  },
];

function volumes(model: Model): Disk | null {
  for (const file of model.repo.files) {
    if (/(^|\/)(node_modules|examples?|docs?|fixtures|tests?)\//i.test(file)) continue;
    const isRender = /(^|\/)render\.ya?ml$/.test(file);
    const isCompose = /(^|\/)(docker-)?compose[^/]*\.ya?ml$/i.test(file);
    const text = isRender || isCompose ? (model.repo.read(file) ?? "") : null;
    const paths = text === null ? [] : isRender ? renderMounts(text) : composeMounts(text);
    if (paths.length > 0) return { kind: "volume", paths, place: { file, line: lineOf(text ?? "", paths[0] ?? "") } };
    const sign = signs.find((each) => each.file.test(file));
    const found = sign === undefined ? null : sign.text.exec(model.repo.read(file) ?? "");
    if (sign === undefined || found === null) continue;
    const mounted =
      sign.path === null ? [] : [...(model.repo.read(file) ?? "").matchAll(sign.path)].map((each) => each[1] ?? "");
    return {
      kind: "volume",
      paths: mounted,
      place: { file, line: (model.repo.read(file) ?? "").slice(0, found.index + found[0].length).split("\n").length },
    };
  }
  return null;
}

/** Disks of what answers the web; a private service with one is a database. */
function renderMounts(text: string): string[] {
  const services = record(parseYaml(text))["services"];
  return (Array.isArray(services) ? services : []).flatMap((service): string[] => {
    const { type, disk } = record(service);
    const path = textIn(record(disk)["mountPath"]);
    return type === "pserv" || path === "" ? [] : [path];
  });
}

/** Mounts of services that are built here or have no known database image; the source itself mounted for development is none. */
function composeMounts(text: string): string[] {
  return Object.values(record(record(parseYaml(text))["services"])).flatMap((value) => {
    const { build, image, volumes: mounts } = record(value);
    if (
      !Array.isArray(mounts) ||
      (build === undefined &&
        /postgres|mysql|maria|mongo|redis|minio|nginx|caddy|traefik|rabbit|elastic/i.test(String(image)))
    )
      return [];
    return mounts.flatMap((mount): string[] => {
      const { source, target } = record(mount);
      const [from = "", to = ""] = typeof mount === "string" ? mount.split(":") : [textIn(source), textIn(target)];
      const isCode =
        /^(\.|\.\/|\.\.\/?|\$\{?PWD\}?)$/.test(from) ||
        /(^|\/)(src|app|server|client|backend|frontend|api|node_modules|public|package\.json|nginx\.conf|\.env|docker\.sock|localtime)$/.test(
          from,
        );
      return to === "" || isCode || to.includes("node_modules") ? [] : [to];
    });
  });
}

function textIn(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function lineOf(text: string, part: string): number {
  return text.slice(0, Math.max(0, text.indexOf(part))).split("\n").length;
}

/** Whether a volume holds what is written to a folder of this name; an unknown folder or mount is taken to fit. */
export function holds(disk: Disk, folder: string | null): boolean {
  if (disk.kind !== "volume") return false;
  const words = (folder ?? "")
    .toLowerCase()
    .split("/")
    .filter((word) => /\w/.test(word));
  if (disk.paths.length === 0 || words.length === 0) return true;
  return disk.paths.some((path) => {
    const mounted = posix
      .normalize(path.toLowerCase())
      .split("/")
      .filter((word) => word !== "");
    return (
      mounted.length <= 1 ||
      mounted.some((word) => words.includes(word)) ||
      /^(data|storage|persist\w*|config|files|media|mnt)$/.test(mounted.at(-1) ?? "")
    );
  });
}
