/** Containers: the app and everything it needs to run, described once and the same everywhere. */
import { obscureImages } from "../../analyzers/deployment/images.ts";
import type { Model } from "../../analyzers/model.ts";
import { unreadReason, unreadServer } from "../../analyzers/serving/serving.ts";
import { defineComponent, type Verdict } from "../component.ts";
import { detect, hostOf, presence } from "./detect.ts";
import { recipe } from "./recipe.ts";
import { rules } from "./rules.ts";

export const containers = defineComponent({
  id: "containers",
  title: "Containers",
  folder: import.meta.dirname,
  judgesPython: "whole",
  rules,
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
      const [obscure] = obscureImages(model);
      if (obscure !== undefined) {
        const reason = `An image is there (${obscure.file}:${obscure.image.from.line}), but what runs in it could not be told.`;
        return { verdict: "unknown", reason, tripWire: null };
      }
      const place = unreadServer(model);
      if (place !== null) return { verdict: "unknown", reason: unreadReason(place), tripWire: null };
      return model.routes.length === 0
        ? { verdict: "not_applicable", reason: "Nothing here runs as a server.", tripWire: null }
        : {
            verdict: "not_yet",
            reason:
              "The framework's own commands build and start the app, and nothing says that its host takes an image.",
            tripWire: "The first host that runs containers, or the first server that is set up by hand.",
          };
    }
  }
}
