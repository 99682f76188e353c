/** What the coding agent is told where only somebody who knows the app may change how it is packed. */
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";

const briefs: Readonly<Record<string, Pick<Brief, "constraints" | "acceptance">>> = {
  "containers/dockerfile-dev-server": {
    constraints: [
      "Two stages: the first installs everything and builds, the second takes only the outcome and the packages it runs with.",
      "CMD in exec form starts node itself; a site without a server of its own is served by a file server.",
      "The developers' way to start (compose for development, npm run dev) stays as it is.",
    ],
    acceptance: "A container whose app crashes ends with an error code, and none of its processes watches files.",
  },
  "containers/dockerfile-dev-deps": {
    constraints: [
      "The stage that builds keeps all packages; the shipped one installs without development dependencies.",
      "What the start command needs at run time moves from devDependencies to dependencies.",
    ],
    acceptance: "The container starts and answers, and its node_modules holds none of package.json's devDependencies.",
  },
  "containers/no-container-healthcheck": {
    constraints: [
      "The check asks an address of the app itself that touches no database, with what the image has (node, wget), not with a package added for it.",
      "Services that need this one wait with condition: service_healthy.",
    ],
    acceptance: "docker ps says healthy within a minute of the start, and unhealthy after the app was made to hang.",
  },
  "containers/secrets-in-image-or-repo": {
    constraints: [
      "The value is read from the environment; in production the app refuses to start without it and names the setting.",
      "The example settings file names it with a made-up value; the real file is ignored by git and by docker.",
      "The old value counts as known to everybody: it is revoked or replaced, not only moved.",
    ],
    acceptance: "Neither the tree nor the image holds the value, and the service that gave it out no longer takes it.",
  },
  "containers/hardcoded-port": {
    constraints: [
      "PORT decides where the app listens; without it, today's port stays.",
      "It listens on all addresses, not only on localhost.",
    ],
    acceptance: "With PORT=12345 the app answers on 12345, without it on the port of today.",
  },
  "containers/no-orchestration": {
    constraints: [
      "Every container, its ports, settings and what it waits for stand in one compose file.",
      "No secret stands in it.",
    ],
    acceptance: "docker compose up on a fresh checkout starts the whole app, and it answers.",
  },
};

/** Null for findings that the recipe cures itself. */
export function briefFor({ rule, file, line, message }: Finding): Omit<Brief, "findingId"> | null {
  const brief = briefs[rule];
  return brief === undefined ? null : { where: { file, line }, why: message, ...brief };
}
