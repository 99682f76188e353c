/** Object storage: users' files have a home that outlives deploys and machines. */
import { defineComponent } from "../component.ts";
import { detect } from "./detect.ts";
import { experiments } from "./experiments.ts";
import { recipe } from "./recipe.ts";
import { presence, whenQuiet } from "./presence.ts";

export const objectStorage = defineComponent({
  id: "object-storage",
  title: "Object storage",
  folder: import.meta.dirname,
  judgesPython: "part",
  rules: [
    {
      id: "object-storage/upload-to-local-disk",
      title: "Users' files lie on the disk of one machine",
      severity: "error",
      advice:
        "Let the browser upload straight into a bucket (S3, R2, the host's own) with a signed address, and keep only the key in the database.",
    },
    {
      id: "object-storage/generated-file-on-local-disk",
      title: "A file that is fetched later lies on the disk of the machine that made it",
      severity: "warning",
      advice: "Write it into a bucket and hand out a signed address, or make it when it is asked for and stream it.",
    },
    {
      id: "object-storage/binary-inline-in-json-or-db",
      title: "Whole files are stored inside database rows",
      severity: "warning",
      advice: "Put the file into a bucket and keep its key, type and size in the row.",
    },
    {
      id: "object-storage/upload-no-size-limit",
      title: "Uploads may have any size",
      severity: "warning",
      advice: "Set the largest size that makes sense (`limits: { fileSize }`) and answer larger files with 413.",
    },
  ],
  services: ["s3"],
  presence,
  detect,
  whenQuiet,
  recipe,
  experiments,
});
