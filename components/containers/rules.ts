/** What can be wrong with how the app is packed and run. */
import type { Rule } from "../component.ts";

export const rules: readonly Rule[] = [
  {
    id: "containers/no-dockerfile",
    title: "No image describes the machine the app runs on",
    severity: "note",
    advice:
      "Add a Dockerfile that builds in one stage and ships only the outcome in the next, as a user without rights.",
  },
  {
    id: "containers/dockerfile-root",
    title: "The container runs as root",
    severity: "warning",
    advice: "Switch to the image's own unprivileged user before the command.",
  },
  {
    id: "containers/dockerfile-signal-not-forwarded",
    title: "The signal to stop never reaches the app",
    severity: "warning",
    advice: 'Start node itself, in exec form: CMD ["node", "server.js"].',
  },
  {
    id: "containers/no-dockerignore",
    title: "The whole folder ends up in the image",
    severity: "warning",
    advice: "Add a .dockerignore that leaves out secrets, history and installed packages.",
  },
  {
    id: "containers/dockerfile-dev-server",
    title: "The container starts a tool for developers",
    severity: "warning",
    advice: "Build the app when the image is built, and start the outcome: node itself, or a server for static files.",
  },
  {
    id: "containers/dockerfile-dev-deps",
    title: "Development dependencies are shipped",
    severity: "note",
    advice:
      "Install without them in the shipped stage (npm ci --omit=dev), after a stage of its own has built the app.",
  },
  {
    id: "containers/no-container-healthcheck",
    title: "Nothing asks the container whether it still answers",
    severity: "note",
    advice: "Give the service a healthcheck that asks the app's own address, and let others wait for it to be healthy.",
  },
  {
    id: "containers/secrets-in-image-or-repo",
    title: "A secret is in the repo",
    severity: "error",
    advice:
      "Make a new secret and revoke this one, since history keeps it; read it from the environment, and refuse to start without it.",
  },
  {
    id: "containers/hardcoded-port",
    title: "The app listens where the host does not look",
    severity: "warning",
    advice: "Listen on the port that the environment names, with the present one as the default for development.",
  },
  {
    id: "containers/k8s-manifest-gap",
    title: "A workload leaves out what the cluster needs to run it well",
    severity: "warning",
    advice: "Add probes, requests and limits, a fixed image tag and a security context to the manifest.",
  },
  {
    id: "containers/no-orchestration",
    title: "Nothing starts the app's containers together",
    severity: "note",
    advice: "Add a compose file that names every container, what it needs and what it waits for.",
  },
];
