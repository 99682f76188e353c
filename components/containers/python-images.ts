/** What is told about Python's images and services without one: found like Node's, mended by whoever knows the app. */
import type { Finding } from "../finding.ts";
import type { Outcome } from "./outcome.ts";

/** What the coding agent is told: the recipe writes images for Node alone. */
export function pythonOutcome(finding: Finding): Outcome {
  const place = { where: { file: finding.file, line: finding.line }, why: finding.message };
  switch (finding.rule) {
    case "containers/no-dockerfile":
      return {
        brief: {
          ...place,
          constraints: [
            "Two stages on a slim Python image; the shipped one runs as a user without rights.",
            "Dependencies are installed from the lockfile or the pinned requirements, before the code is copied.",
            "CMD in exec form with the production server (uvicorn or gunicorn), which ends by itself on SIGTERM; never the development server.",
            "No secret in the image; a .dockerignore beside it leaves out .env files, .git and .venv.",
          ],
          acceptance:
            "docker build succeeds, the container answers, and docker stop ends it within ten seconds with code 0.",
        },
      };
    case "containers/dockerfile-root":
      return {
        brief: {
          ...place,
          constraints: [
            "Make a user in the image (`useradd --create-home app`) and switch to it with `USER app` before the command.",
            "Folders the app writes to belong to that user.",
          ],
          acceptance: "`docker run <image> id -u` does not print 0, and the app starts.",
        },
      };
    default:
      return {
        brief: {
          ...place,
          constraints: ["A .dockerignore with at least .git, .env, .env.*, .venv, __pycache__ and the tests."],
          acceptance: "`docker build` sends none of these into the image.",
        },
      };
  }
}
