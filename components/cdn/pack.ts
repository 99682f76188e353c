/** Puts the packer in as the first thing that the app does with a request. */
import type { Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { afterCreation } from "../../patches/editors/after-creation.ts";
import { freeName, type ImportWish } from "../../patches/editors/imports.ts";
import { addDependency, installNote } from "../../patches/editors/package-json.ts";
import { openSource, type Source } from "../../patches/editors/source.ts";
import type { Finding } from "../finding.ts";
import { unpacked } from "./packing.ts";
import type { Packer } from "./packing-way.ts";

/** `imports` are put in together: two patches of one file each add some. */
export type Outcome = { edits: Edit[]; imports: Wanted[]; notes: string[] } | { cannot: string };

export interface Wanted {
  source: Source;
  wish: ImportWish;
}

export function pack(finding: Finding, model: Model): Outcome {
  const found = unpacked(model).find(({ creation }) => creation.id === finding.call);
  if (found === undefined) return { cannot: "the app object is no longer there" };
  const { service, creation, way } = found;
  if (way.kind === "by-hand") return way;
  const source = openSource(model.repo, creation.file);
  if (source === null) return { cannot: "the file could not be parsed" };
  const { packer } = way;
  const wish = wishFor(source, packer);
  if (wish === null)
    return { cannot: "the file imports its packages as namespaces (`import * as`), which the packer is not" };
  const use = afterCreation(source, creation.span, packer.chain, (app) => packer.code(app, wish.name));
  if (use === null) return { cannot: "the app object has no name that a statement could use" };
  const { range, types } = packer;
  const isTyped = types !== null && service.language === "typescript";
  return {
    edits: [
      use,
      ...(range === null ? [] : addDependency(service, packer.package, range)),
      ...(isTyped ? addDependency(service, types.name, types.range, "devDependencies") : []),
    ],
    imports: [{ source, wish: wish.wish }],
    notes: [
      ...(range === null ? [] : [installNote(service)]),
      "Packing costs the app some processor time; once a proxy or a CDN packs, take this out again.",
    ],
  };
}

function wishFor(source: Source, { package: from, imported }: Packer): { name: string; wish: ImportWish } | null {
  if ("name" in imported) {
    const name = freeName(source, imported.name);
    return { name, wish: { from, names: [{ name: imported.name, as: name }] } };
  }
  if (/^import \* as (express|Koa|fastify|Fastify) from/m.test(source.text)) return null;
  const name = freeName(source, imported.default);
  return { name, wish: { from, default: name } };
}
