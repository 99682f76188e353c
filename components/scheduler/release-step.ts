/** Where migrations and seeds belong instead of every start: the step that each host takes once per deploy. */
import type { Brief } from "../../patches/edit.ts";

const steps: Readonly<Record<string, string>> = {
  heroku: "Heroku: `release: <command>` in the Procfile; a release that fails is not put live.",
  render: "Render: `preDeployCommand: <command>` of the service in render.yaml, or the same field of its settings.",
  railway: 'Railway: `"deploy": { "preDeployCommand": ["<command>"] }` in railway.json.',
  fly: 'Fly.io: `[deploy]` with `release_command = "<command>"` in fly.toml.',
  kubernetes:
    "Kubernetes: a Job that the rollout waits for, or a Helm `pre-upgrade` hook; not an init container, which each copy has.",
  compose:
    "Docker Compose: a service of its own with the same image and that command, which the app's service waits for with `depends_on: { condition: service_completed_successfully }`.",
  vercel:
    "Vercel: a step of the pipeline before the deploy, for the production branch alone; the build of a preview must not touch the production database.",
};

const otherwise =
  "A step of the pipeline that runs once before the new version starts: `<command>`, with the production database's address.";

export function releaseStep(targets: readonly string[]): Pick<Brief, "constraints" | "acceptance"> {
  const known = targets.flatMap((target) => (Object.hasOwn(steps, target) ? [steps[target] ?? ""] : []));
  return {
    constraints: [
      ...(known.length > 0 ? known : [otherwise]),
      "The start command then starts the app and nothing else. For developers a script of its own (`npm run migrate`) does what the start did until now.",
      "Changes of tables are migrations that somebody has read: `prisma migrate deploy`, not `db push`; `synchronize`, `sync({ alter: true })` and their like stay off in production.",
      "A new version and the one before it run side by side during a deploy: columns go or change their name only one version after nothing uses them any more.",
      "Seeds for a fresh database are run by hand or by a migration, and may run twice.",
    ],
    acceptance:
      "A second copy starts without a statement that changes tables or writes sample rows, and a deploy whose migration fails leaves the running version as it is.",
  };
}
