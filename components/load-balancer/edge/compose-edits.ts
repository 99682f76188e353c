/** The proxy as a service of a compose file, the app behind it, and the ports that nobody outside needs, closed. */
import { parseYaml, record } from "../../../analyzers/services/container-files.ts";
import type { Edit, Json } from "../../../patches/edit.ts";
import { yamlSpans, type YamlSpans } from "../../../patches/editors/yaml-spans.ts";
import type { Entry } from "./entry.ts";
import { mappingOf, type Mapping } from "./ports.ts";

type Block = Record<string, Json>;

export interface Behind {
  mapping: Mapping;
  replicas: number;
  /** It is taken over for https, too: nothing else had a say in the ports. */
  owns: boolean;
  /** The app ends by itself what is under way when it is told to stop. */
  drains: boolean;
}

/** `closed`: what is no longer reached from outside. Null where the file is written in a way that cannot be changed by lines. */
export function composeEdits(entry: Entry, text: string, how: Behind): { edits: Edit[]; closed: string[] } | null {
  const { file, name, block } = entry.composed;
  const places = yamlSpans(text);
  const app = ["services", name];
  const unpublished = places === null ? null : unpublishedPort(places, file, app, how.mapping);
  if (places === null || unpublished === null) return null;
  const set = (path: string[], value: Json, force = false): Edit => ({
    kind: "yaml",
    file,
    path,
    value,
    ...(force ? { force } : {}),
  });
  const named = how.replicas > 1 && "container_name" in block ? places.lines([...app, "container_name"]) : null;
  const { edits: closing, closed } = closedPorts(places, file, text, entry);
  const taken = servicesIn(text).map(([each]) => each);
  const proxy = ["proxy", "caddy", "entry"].find((each) => !taken.includes(each)) ?? "shoreup-proxy";
  return {
    edits: [
      ...unpublished,
      ...(named === null ? [] : [{ kind: "replace" as const, file, ...named, text: "" }]),
      ...closing,
      set([...app, "deploy", "replicas"], how.replicas, true),
      ...(how.drains && !("stop_grace_period" in block) ? [set([...app, "stop_grace_period"], "30s")] : []),
      set(["services", proxy], proxyBlock(entry, how)),
      set(["volumes", "caddy_data"], {}),
      set(["volumes", "caddy_config"], {}),
    ],
    closed,
  };
}

/** `ports: ["3000:4000"]` becomes `expose: ["4000"]`: two words change, quotes and comments stay. */
function unpublishedPort(places: YamlSpans, file: string, app: string[], { container }: Mapping): Edit[] | null {
  const key = places.key([...app, "ports"]);
  const [item, ...others] = places.items([...app, "ports"]) ?? [];
  const isExposed = places.key([...app, "expose"]) !== null;
  if (key === null || item === undefined || others.length > 0 || isExposed) return null;
  return [
    { kind: "replace", file, ...key, text: "expose" },
    { kind: "replace", file, ...item, text: container },
  ];
}

const stores = /(^|\/)(postgres|postgis|pgvector|mysql|mariadb|mongo|redis|valkey|memcached|rabbitmq|keydb)([:@-]|$)/;

/** Docker opens published ports past the machine's firewall; what runs on the machine still reaches these by localhost. */
function closedPorts(
  places: YamlSpans,
  file: string,
  text: string,
  { composed }: Entry,
): { edits: Edit[]; closed: string[] } {
  const found = servicesIn(text).filter(([name, { image }]) => name !== composed.name && stores.test(String(image)));
  const open = found.flatMap(([name]) =>
    (places.items(["services", name, "ports"]) ?? []).flatMap((item) => {
      const mapping = mappingOf(text.slice(item.start, item.end));
      return mapping === null || mapping.ip !== null ? [] : [{ name, start: item.start, mapping }];
    }),
  );
  return {
    edits: open.map(({ start }) => ({ kind: "replace", file, start, end: start, text: "127.0.0.1:" })),
    closed: open.map(({ name, mapping }) => `${name} (${mapping.host})`),
  };
}

function servicesIn(text: string): [string, Record<string, unknown>][] {
  const services = record(record(parseYaml(text))["services"]);
  return Object.entries(services).map(([name, block]) => [name, record(block)]);
}

function proxyBlock({ composed }: Entry, { mapping, owns }: Behind): Block {
  const isVariable = !/^\d+$/.test(mapping.container);
  const { networks } = composed.block;
  const joined = Array.isArray(networks) ? networks.map(String) : Object.keys(record(networks));
  return {
    image: "caddy:2-alpine",
    restart: "unless-stopped",
    ports: owns
      ? ["${HTTP_PORT:-80}:80", "${HTTPS_PORT:-443}:443", "${HTTPS_PORT:-443}:443/udp"]
      : [`${mapping.host}:80`],
    environment: {
      SITE_ADDRESS: "${SITE_ADDRESS:-:80}",
      ...(isVariable ? { APP_PORT: mapping.container } : {}),
    },
    volumes: ["./Caddyfile:/etc/caddy/Caddyfile:ro", "caddy_data:/data", "caddy_config:/config"],
    depends_on: [composed.name],
    ...(joined.length > 0 ? { networks: joined } : {}),
  };
}

/** The port as the Caddyfile names it. */
export function portInCaddyfile({ container }: Mapping): string {
  return /^\d+$/.test(container) ? container : "{$APP_PORT}";
}
