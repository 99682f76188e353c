/** Django's file fields: their files lie in MEDIA_ROOT on the app's own disk unless the settings name another storage. */
import { diskOf } from "../../analyzers/deployment/disk.ts";
import type { Model, Place, Service } from "../../analyzers/model.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import type { Summary, Value } from "../../analyzers/summary.ts";
import { advice, placesOf } from "../advice.ts";
import type { Match } from "../finding.ts";
import { fateOf, lowered } from "./fate.ts";

interface Field extends Place {
  name: string;
}

/** One per service: where its files go is one setting. */
export function djangoFiles(model: Model): Match[] {
  return model.services.flatMap((service): Match[] => {
    if (!service.frameworks.some(({ name }) => name === "django") || storesElsewhere(service, model)) return [];
    const files = model.repo.files.filter((file) => isServer(file, service, model));
    const fields = files.flatMap((file) => fieldsIn(model.summary(file), file));
    const [first, ...others] = fields;
    if (first === undefined) return [];
    const disk = diskOf(model, service);
    const isTaking = files.some((file) => takesFiles(model.repo.read(file) ?? "", fields));
    const more = others.length === 0 ? "" : ` and ${others.length} more file field${others.length === 1 ? "" : "s"}`;
    return [
      advice("object-storage/upload-to-local-disk", first, {
        // Without a view that takes files they come through the admin, from the few who run the app.
        confidence: isTaking ? lowered(disk, "media", "medium") : "low",
        message: `Files of \`${first.name}\`${more} lie on the disk of the machine that took them, since the settings name no other storage. ${fateOf(model, service, disk)}`,
        also: placesOf(others, first),
        anchor: `file fields of ${service.name}`,
      }),
    ];
  });
}

function isServer(file: string, service: Service, model: Model): boolean {
  return isPython(file) && model.context(file) === "server" && model.service(file)?.name === service.name;
}

/** A view that reads files, or a serializer for writing that has one of the fields: DRF's parsers take multipart forms. */
function takesFiles(text: string, fields: readonly Field[]): boolean {
  if (/\brequest\.FILES\b|\bMultiPartParser\b/.test(text)) return true;
  if (!/\bModelSerializer\b/.test(text)) return false;
  const serializers = text
    .split(/^class\s+/m)
    .filter((each) => /^\w+\([^)]*Serializer\b/.test(each) && !/^\w*(Read|List|Detail)/.test(each));
  return serializers.some((each) =>
    fields.some(({ name }) => {
      const [model = "", field = ""] = name.split(".");
      const isOf = new RegExp(`\\bmodel\\s*=\\s*(\\w+\\.)*${model}\\b`).test(each);
      return isOf && new RegExp(`["']__all__["']|["']${field}["']`).test(each);
    }),
  );
}

/** A backend of django-storages or its like, installed or named. */
function storesElsewhere({ dependencies }: Service, { repo }: Model): boolean {
  if (Object.keys(dependencies).some((name) => /^django-(storages|cloudinary-storage|minio\S*|s3\S*)$/.test(name)))
    return true;
  const named = /DEFAULT_FILE_STORAGE|AWS_STORAGE_BUCKET_NAME|cloudinary_storage|storages\.backends|GS_BUCKET_NAME/;
  return repo.files.some((file) => isPython(file) && named.test(repo.read(file) ?? ""));
}

function fieldsIn(summary: Summary | null, file: string): Field[] {
  return (summary?.classes ?? []).flatMap(({ name, fields }) =>
    Object.entries(fields).flatMap(([field, values]) =>
      values.flatMap((value) => {
        const call = value.kind === "call" ? summary?.calls[value.call] : undefined;
        return call !== undefined && isFileField(call.callee)
          ? [{ file, line: call.span.line, name: `${name ?? "a model"}.${field}` }]
          : [];
      }),
    ),
  );
}

/** `models.ImageField`; those of forms and serializers only pass files on. */
function isFileField(callee: Value): boolean {
  if (callee.kind === "imported") return callee.specifier.startsWith("django.db.models") && isName(callee.name);
  if (callee.kind !== "member" || !isName(callee.property)) return false;
  const { object } = callee;
  return object.kind === "imported" && object.specifier.startsWith("django.db");
}

function isName(name: string): boolean {
  return name === "FileField" || name === "ImageField";
}
