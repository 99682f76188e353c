/** Manifests of their own beside a workload's: where they go, and who is told of them. */
import { posix } from "node:path";
import { isKustomization, manifestsOf, type Manifest } from "../../../analyzers/deployment/manifests.ts";
import type { Repo } from "../../../analyzers/repo/repo.ts";
import { parseYaml, record } from "../../../analyzers/services/container-files.ts";
import type { Edit } from "../../../patches/edit.ts";
import { newlineOf } from "../../../patches/editors/newline.ts";

/**
 * A further document where the file holds several already, or where its name stands in what is applied; else a file in the
 * same folder, which the kustomization that lists the workload lists, too.
 */
export function besideManifest(manifest: Manifest, word: string, text: string, repo: Repo): Edit[] {
  const { file } = manifest;
  const there = repo.read(file) ?? "";
  const newline = newlineOf(there);
  const body = text.trimEnd().replaceAll(/\r?\n/g, newline);
  const lists = listing(file, repo);
  const isShared = manifestsOf(repo).some((each) => each.file === file && each.document !== manifest.document);
  if (isShared || (lists.length === 0 && isAppliedByName(file, repo))) {
    const isClosed = there.endsWith("\n");
    const added = isClosed ? `---${newline}${body}${newline}` : `${newline}---${newline}${body}`;
    return [{ kind: "replace", file, start: there.length, end: there.length, text: added }];
  }
  const created = free(file, word, manifest.name, repo);
  return [
    { kind: "create", file: created, text: body + newline },
    ...lists.map((list): Edit => {
      const path = posix.relative(posix.dirname(list), created);
      return { kind: "yaml", file: list, path: ["resources", "-"], value: path };
    }),
  ];
}

/** `api-deployment.yaml` -> `api-pdb.yaml`, `api.yaml` -> `api-pdb.yaml`. */
function free(file: string, word: string, name: string, repo: Repo): string {
  const extension = posix.extname(file);
  const stem = posix.basename(file, extension);
  const named = /depl(oyment|oy)?/i.test(stem) ? stem.replace(/depl(oyment|oy)?/i, word) : `${stem}-${word}`;
  const paths = [named, `${name}-${word}`, `${name}-${stem}-${word}`].map((each) =>
    posix.join(posix.dirname(file), `${each}${extension}`),
  );
  return paths.find((path) => !repo.has(path)) ?? paths[0] ?? file;
}

/** The kustomizations that take the file by its path. */
function listing(file: string, repo: Repo): string[] {
  return repo.files.filter((each) => {
    if (!isKustomization(each)) return false;
    const { resources } = record(parseYaml(repo.read(each) ?? ""));
    const folder = posix.dirname(each);
    return (
      Array.isArray(resources) &&
      resources.some((path) => typeof path === "string" && posix.join(folder, path) === file)
    );
  });
}

/** Scripts, pipelines and instructions that apply this one file would pass a new one by. */
function isAppliedByName(file: string, repo: Repo): boolean {
  const name = posix.basename(file);
  return repo.files.some((each) => {
    if (!/\.(sh|ya?ml|md|json|js|ts|tf)$|(^|\/)(Makefile|Jenkinsfile|Justfile|Taskfile[\w.]*|Tiltfile)$/i.test(each))
      return false;
    if (each === file || isKustomization(each)) return false;
    const text = repo.read(each) ?? "";
    return text.includes(name) && /\bkubectl\b|skaffold|k8s_yaml|manifests:/.test(text);
  });
}
