/** Writes an image for an app without one, and mends images that run as root, swallow signals or take too much along. */
import { posix } from "node:path";
import { nodeImages, pythonImages, type ImageFile } from "../../analyzers/deployment/images.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { fill } from "../../patches/fill.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { briefFor } from "./briefs.ts";
import { fixedService, openSettings } from "./backing.ts";
import { composeFor, migratesItself } from "./compose.ts";
import { unpacked } from "./detect.ts";
import { mendsFor } from "./mended.ts";
import { pythonOutcome } from "./python-images.ts";
import { imageOf } from "./image.ts";
import { manifestOutcomes } from "./kubernetes/recipe.ts";
import { mendCommand, mendUser } from "./mend.ts";
import type { Outcome } from "./outcome.ts";

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const images = nodeImages(model);
  const manifests = manifestOutcomes(findings, model, templates);
  const others = findings.filter((finding) => manifests.every((each) => each.finding !== finding));
  const outcomes = [
    ...others
      .filter((finding) => !isCuredAlong(finding, findings))
      .map((finding) => ({ finding, outcome: outcomeOf(finding, { images, model, templates }) })),
    ...manifests,
  ];
  const done = outcomes.flatMap(({ finding, outcome }) => ("edits" in outcome ? [{ finding, ...outcome }] : []));
  const along = findings.filter((finding) => isCuredAlong(finding, findings)).map((finding) => ({ finding }));
  const isAboutManifests = manifests.some(({ outcome }) => "edits" in outcome);
  const packed = new Set(done.flatMap(({ finding }) => (isNewImage(finding) ? finding.anchor : [])));
  const compose = composed(
    unpacked(model).filter(({ name }) => packed.has(name)),
    { images, model, templates },
  );
  return {
    edits: [...done.flatMap(({ edits }) => edits), ...compose.edits],
    briefs: outcomes.flatMap(({ finding, outcome }) =>
      "brief" in outcome ? [{ findingId: finding.id, ...outcome.brief }] : [],
    ),
    fixes: [...done, ...along].map(({ finding }) => finding.id),
    review:
      packed.size > 0
        ? {
            level: "read",
            reason: "New files only, but they decide how the app is built and run: read the Dockerfile once.",
          }
        : {
            level: "read",
            reason: isAboutManifests
              ? "Changes how the cluster runs the app; its code is untouched. Read the numbers once."
              : "Changes how the container starts; the app's code is untouched.",
          },
    services: [],
    env: [],
    notes: [...new Set([...done.flatMap(({ notes }) => notes), ...compose.notes])],
  };
}

function notesOn({ rule }: Finding): string[] {
  return rule === "containers/dockerfile-dev-deps"
    ? ["What runs inside the container by hand (migrations, seeds) no longer finds development dependencies there."]
    : [];
}

function isNewImage({ rule }: Finding): boolean {
  return rule === "containers/no-dockerfile";
}

/** A command that is replaced anyway, because it starts a developers' tool, forwards signals from then on. */
function isCuredAlong({ rule, file, line }: Finding, findings: readonly Finding[]): boolean {
  return (
    rule === "containers/dockerfile-signal-not-forwarded" &&
    findings.some(
      (other) =>
        other.rule === "containers/dockerfile-dev-server" &&
        other.fix === "patch" &&
        other.file === file &&
        other.line === line,
    )
  );
}

interface Context {
  images: readonly ImageFile[];
  model: Model;
  templates: Templates;
}

function outcomeOf(finding: Finding, context: Context): Outcome {
  const { model, images, templates } = context;
  const mends = mendsFor(finding, images, model);
  if (mends !== null) return { edits: mends, notes: notesOn(finding) };
  const brief = briefFor(finding);
  if (brief !== null) return { brief };
  if (isForPython(finding, model)) return pythonOutcome(finding);
  if (isNewImage(finding)) {
    const service = unpacked(model).find(({ name }) => name === finding.anchor);
    return service === undefined ? gone(finding) : newImage(finding, service, context);
  }
  const lines = [finding, ...finding.also].flatMap(({ file, line }) => (file === finding.file ? line : []));
  const targets = images.filter(({ file }) => file === finding.file);
  switch (finding.rule) {
    case "containers/dockerfile-root":
      return together(
        finding,
        targets
          .filter(({ image }) => lines.includes((image.user ?? image.from).line))
          .map((each) => mendUser(each, model)),
      );
    case "containers/dockerfile-signal-not-forwarded":
      return together(
        finding,
        targets
          .filter(({ image }) =>
            [image.entrypoint, image.cmd].some((each) => each !== null && lines.includes(each.line)),
          )
          .map((each) => mendCommand(each, model)),
      );
    default:
      return targets.length === 0
        ? gone(finding)
        : ignoreFile(posix.join(posix.dirname(finding.file), ".dockerignore"), templates);
  }
}

/** All images that a finding speaks of are mended, or none is. */
function together(finding: Finding, outcomes: readonly Outcome[]): Outcome {
  const brief = outcomes.find((each) => "brief" in each);
  if (brief !== undefined) return brief;
  const done = outcomes.flatMap((each) => ("edits" in each ? [each] : []));
  if (done.length === 0) return gone(finding);
  return { edits: done.flatMap(({ edits }) => edits), notes: done.flatMap(({ notes }) => notes) };
}

/** Findings about Python's images and services carry no patch. */
function isForPython({ rule, anchor, file }: Finding, model: Model): boolean {
  if (rule !== "containers/no-dockerfile") return pythonImages(model).some((each) => each.file === file);
  return model.services.some(({ name, language }) => name === anchor && language === "python");
}

function newImage(finding: Finding, service: Service, { model, templates }: Context): Outcome {
  const values = imageOf(service, model);
  if ("cannot" in values) {
    return {
      brief: {
        where: { file: finding.file, line: finding.line },
        why: `No image was written because ${values.cannot}.`,
        constraints: [
          "Two stages; the shipped one runs as the user node.",
          "CMD in exec form, node itself as process 1.",
          "No secret in the image.",
        ],
        acceptance:
          "docker build succeeds, the container answers, and docker stop ends it within ten seconds with code 0.",
      },
    };
  }
  const at = (name: string): string => (service.root === "." ? name : `${service.root}/${name}`);
  return {
    edits: [
      { kind: "create", file: at("Dockerfile"), text: fill(templates("Dockerfile"), values) },
      ...(model.repo.has(at(".dockerignore")) ? [] : ignoreEdits(at(".dockerignore"), templates)),
    ],
    notes:
      values["writesFiles"] === true
        ? ["The app writes files into its own folder; in a container they are gone after the next deploy."]
        : [],
  };
}

/** One compose file for all the images that are written; none beside one of the app's own. */
function composed(services: readonly Service[], { model, templates }: Context): { edits: Edit[]; notes: string[] } {
  const { repo } = model;
  const isThere = repo.files.some((file) => /^(docker-)?compose(\.[\w-]+)?\.ya?ml$/.test(posix.basename(file)));
  if (services.length === 0 || isThere) return { edits: [], notes: [] };
  const fixed = services.flatMap((service) => fixedService(service, repo) ?? [])[0];
  if (fixed !== undefined) {
    const { kind, file, line } = fixed;
    const note = `No compose file was written: the address of ${kind} is fixed in the code (see ${file}:${line}). Read it from the environment first.`;
    return { edits: [], notes: [note] };
  }
  const open = [...new Set(services.flatMap((service) => openSettings(service, repo)))].sort();
  const text = composeFor(services, repo, templates("compose.yaml"));
  return {
    edits: [{ kind: "create", file: "compose.yaml", text }],
    notes: [
      ...(open.length > 0 ? [`docker compose reads these from a .env file beside it: ${open.join(", ")}.`] : []),
      ...services.flatMap((service) => databaseNotes(service, model)),
    ],
  };
}

function databaseNotes(service: Service, { repo }: Model): string[] {
  if (!service.backing.some(({ kind }) => kind === "postgres" || kind === "mysql")) return [];
  return migratesItself(service, repo)
    ? ["The compose file's service `migrate` runs the app's migrations before the app starts."]
    : ["The database in the compose file is empty at first: run the app's migrations against it."];
}

function ignoreFile(file: string, templates: Templates): Outcome {
  return { edits: ignoreEdits(file, templates), notes: [] };
}

function ignoreEdits(file: string, templates: Templates): Edit[] {
  return [{ kind: "create", file, text: templates("dockerignore") }];
}

function gone(finding: Finding): Outcome {
  return {
    brief: {
      where: { file: finding.file, line: finding.line },
      why: "The place this finding speaks of is no longer there.",
      constraints: [],
      acceptance: "A new assessment does not report it.",
    },
  };
}
