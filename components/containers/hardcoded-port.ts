/** Servers that listen on a port of their own choice where the host hands them one. */
import { deploysOf } from "../../analyzers/deployment/hosting.ts";
import type { Deploy, Model, Service } from "../../analyzers/model.ts";
import { answeringServices } from "../../analyzers/serving/product.ts";
import type { Match } from "../finding.ts";
import { match } from "./match.ts";
import { openPort } from "./open-port.ts";

/** Hosts that say in `PORT` where they will look, and the port that they say when nobody asks for another. */
const hosts: Readonly<Record<string, { name: string; usual: number | null }>> = {
  heroku: { name: "Heroku", usual: null },
  render: { name: "Render", usual: 10_000 },
  railway: { name: "Railway", usual: null },
  "cloud-run": { name: "Cloud Run", usual: 8080 },
  "app-engine": { name: "App Engine", usual: 8080 },
  "azure-app-service": { name: "Azure App Service", usual: 8080 },
  "aws-app-runner": { name: "App Runner", usual: 8080 },
  digitalocean: { name: "DigitalOcean's App Platform", usual: 8080 },
  fly: { name: "Fly", usual: null },
};

export function portMatches(model: Model): Match[] {
  return answeringServices(model).flatMap((service) => {
    const { value, place } = service.port;
    if (value === null || place === null || !isFixed(service)) return [];
    const deploy = deploysOf(model, service).find((each) => refuses(each, value, model));
    const host = deploy === undefined ? undefined : hosts[deploy.target];
    if (deploy === undefined || host === undefined) return [];
    return [
      match("hardcoded-port", place, {
        message: `${host.name} tells the app in PORT where it will knock, but the app always listens on ${value}: it is taken for dead and stopped.`,
        also: [deploy.evidence],
        anchor: service.name,
        fix: openPort(service, model) === null ? "brief" : "patch",
      }),
    ];
  });
}

/** Written into the code, and no setting of that name is read anywhere. */
function isFixed({ port, env }: Service): boolean {
  return port.env === null && port.source === "fixed in the code" && !env.some(({ name }) => /(^|_)PORT$/.test(name));
}

/** A settings file that names the same port, as a number of its own, makes the host look there. */
function refuses({ target, evidence }: Deploy, port: number, { repo }: Model): boolean {
  const host = hosts[target];
  if (host === undefined || host.usual === port) return false;
  return !new RegExp(`(^|[^\\d.])${port}([^\\d]|$)`).test(repo.read(evidence.file) ?? "");
}
