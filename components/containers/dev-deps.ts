/** Images that carry the development dependencies into production. */
import { packedService, shippedImages, type ImageFile } from "../../analyzers/deployment/images.ts";
import type { Model } from "../../analyzers/model.ts";
import type { Match } from "../finding.ts";
import { startsDevServer } from "./dev-server.ts";
import { installOf } from "./install-steps.ts";
import { match } from "./match.ts";
import { withoutDevDeps } from "./mend-dev-deps.ts";

export function devDependencyMatches(model: Model): Match[] {
  return shippedImages(model).flatMap((found) => {
    const { file, image } = found;
    const service = packedService(model, file, image);
    const install = installOf(image);
    if (service === null || install === null || startsDevServer(model, file)) return [];
    const names = Object.keys(service.devDependencies);
    if (names.length === 0 || needs(names, found)) return [];
    return [
      match(
        "dockerfile-dev-deps",
        { file, line: install.place.line },
        {
          message: `The shipped image holds ${counted(names)} that only developers need (such as ${names[0]}): it is larger and slower to start elsewhere, and every hole in one of them is a hole in production.`,
          anchor: file,
          fix: withoutDevDeps(found, install, service, model) === null ? "brief" : "patch",
        },
      ),
    ];
  });
}

function counted(names: readonly string[]): string {
  return names.length === 1 ? "a package" : `${names.length} packages`;
}

/** A start command that runs one of them (`ts-node src/index.ts`) cannot do without: that is another fault. */
function needs(names: readonly string[], { image }: ImageFile): boolean {
  const command = [image.entrypoint, image.cmd].map((each) => each?.text ?? "").join(" ");
  return names.some((name) => new RegExp(`(^|[\\s"'/])${name.replaceAll(/[^\w-]/g, ".")}(/|[\\s"']|$)`).test(command));
}
