/** Containers: the app and everything it needs to run, described once and the same everywhere. */
import type { Model } from "../../analyzers/model.ts";
import { unreadReason, unreadServer } from "../../analyzers/serving.ts";
import { defineComponent, type Verdict } from "../component.ts";
import { detect, hostOf, presence } from "./detect.ts";
import { recipe } from "./recipe.ts";

export const containers = defineComponent({
  id: "containers",
  title: "Containers",
  folder: import.meta.dirname,
  rules: [
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
  ],
  services: [],
  presence,
  detect,
  whenQuiet,
  recipe,
  experiments: [],
});

function whenQuiet(model: Model): Verdict {
  switch (hostOf(model)) {
    case "source":
      return {
        verdict: "not_applicable",
        reason: "The host builds and runs the source itself; an image would not be used.",
        tripWire: null,
      };
    case "either":
      return {
        verdict: "not_yet",
        reason: "The host builds the app from its source, which is one thing less to keep.",
        tripWire:
          "A system library the host's builder does not offer, or a second host: then an image makes them equal.",
      };
    default: {
      const place = unreadServer(model);
      return place === null
        ? { verdict: "not_applicable", reason: "Nothing here runs as a server.", tripWire: null }
        : { verdict: "unknown", reason: unreadReason(place), tripWire: null };
    }
  }
}
