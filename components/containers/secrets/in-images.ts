/** Secrets that a Dockerfile puts into the image, where everybody who can pull it finds them. */
import { posix } from "node:path";
import { copyOf, settingsIn } from "../../../analyzers/deployment/dockerfile.ts";
import { shippedImages, type ImageFile } from "../../../analyzers/deployment/images.ts";
import type { Model } from "../../../analyzers/model.ts";
import type { Match } from "../../finding.ts";
import { match } from "../match.ts";
import { isSecretName, isSecretSetting } from "./settings.ts";

export function bakedSecrets(model: Model): Match[] {
  return shippedImages(model).flatMap((found) => [...settings(found), ...settingsFiles(found, model)]);
}

function settings({ file, image }: ImageFile): Match[] {
  const all = settingsIn(image);
  const handedIn = new Set(all.filter(({ isArg, value }) => isArg && value === "").map(({ name }) => name));
  return all.flatMap(({ name, value, isArg, line }) => {
    const written = isSecretSetting(name, value);
    const kept = !isArg && isSecretName(name) && handedIn.has(/^\$\{?(\w+)\}?$/.exec(value)?.[1] ?? "");
    if (!written && !kept) return [];
    return [
      match(
        "secrets-in-image-or-repo",
        { file, line },
        {
          title: "A secret is built into the image",
          confidence: written ? "high" : "medium",
          message: written
            ? `${name} stands in the Dockerfile with a value that looks real: it is in the repo and in every copy of the image.`
            : `${name} is handed to the build and kept in the image: docker inspect shows it to everybody who can pull the image.`,
          anchor: `${file} ${name}`,
        },
      ),
    ];
  });
}

/** `COPY .env .`: what is copied by name is meant to be there, whether or not this checkout has it. */
function settingsFiles({ file, image }: ImageFile, { repo }: Model): Match[] {
  return image.steps.flatMap((step) => {
    const copy = copyOf(step);
    const source = copy?.from === null ? copy.sources.find(isSettingsFile) : undefined;
    if (source === undefined || isHarmless(repo.read(posix.join(posix.dirname(file), source)))) return [];
    return [
      match(
        "secrets-in-image-or-repo",
        { file, line: step.line },
        {
          title: "The settings file is built into the image",
          message: `${source} is copied into the image, so every secret in it is in every copy of the image, for good.`,
          anchor: `${file} ${source}`,
        },
      ),
    ];
  });
}

function isSettingsFile(source: string): boolean {
  return /(^|\/)\.env(\.(production|prod|local))?$/.test(source);
}

/** A settings file that is in the repo for everybody to read, without a name that speaks of a secret. */
function isHarmless(text: string | null): boolean {
  return text !== null && !text.split("\n").some((line) => isSecretName(/^\s*(\w+)\s*=\s*\S/.exec(line)?.[1] ?? ""));
}
