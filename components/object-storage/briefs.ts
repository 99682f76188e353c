/** What the coding agent is told where only somebody who knows the app should edit. */
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";
import type { Obstacle } from "./move/obstacles.ts";

type Words = Pick<Brief, "why" | "constraints" | "acceptance">;

const words: Readonly<Record<string, Words>> = {
  "object-storage/upload-to-local-disk": {
    why: "Where the files shall live, and who may fetch them, is not in the code.",
    constraints: [
      "Either the app streams the file into a bucket (`@aws-sdk/lib-storage`) where it wrote it to the disk, and hands it out from there.",
      "Or the browser sends it there itself: a route checks who asks, type and size, and signs an address for one key (`@aws-sdk/s3-request-presigner`, on Vercel also `@vercel/blob/client`); the browser PUTs the file to it and tells the app the key; the app looks with HeadObject whether it is what was signed before the row keeps key, type and size. The bucket's CORS rules must admit the app's origin.",
      "Files that are there already are copied once, by a script that can run again; addresses that were handed out go on working.",
      "Without the bucket's settings (a developer's machine) the folder is used as before, and the log says so.",
    ],
    acceptance: "A file sent to one copy of the app is fetched from another one, after a restart of both.",
  },
  "object-storage/generated-file-on-local-disk": {
    why: "Whether the file is fetched once or again and again is not in the code.",
    constraints: [
      "What is fetched once is made when it is asked for and streamed; what is fetched again goes into a bucket under a key that says what it is.",
      "Nothing needs a folder to be there at the start.",
    ],
    acceptance: "The file is fetched from another copy of the app than the one that made it, after a restart of both.",
  },
  "object-storage/binary-inline-in-json-or-db": {
    why: "Rows with files in them have to be moved while the app is in use.",
    constraints: [
      "New files go into a bucket, their key into a new column; what reads the rows takes the key where it is set, else the old column.",
      "Old files are moved by a script that can run again; the old column goes last, in a migration of its own.",
    ],
    acceptance: "Lists of rows carry no file; a page with a hundred rows is as small with files as without.",
  },
  "object-storage/upload-no-size-limit": {
    why: "How the parser is told its options is not written where it is made, or in a way that cannot be added to.",
    constraints: [
      "The largest file that makes sense here, for each file, before any of it is kept.",
      "Larger ones are answered with 413.",
    ],
    acceptance: "A file one byte larger is refused with 413, and nothing of it stays on a disk or in a bucket.",
  },
};

/** `obstacles`: what kept the recipe from it, with the places to look at. */
export function briefFor({ id, file, line, rule }: Finding, obstacles: readonly Obstacle[] = []): Brief | null {
  const own = words[rule];
  if (own === undefined) return null;
  const reasons = [...new Set(obstacles.map(inWords))].slice(0, mostReasons);
  const why = reasons.length === 0 ? own.why : `The recipe left it, because ${reasons.join("; ")}.`;
  return { findingId: id, where: { file, line }, ...own, why };
}

/** Enough to see what kind of work it is. */
const mostReasons = 6;

function inWords({ why, at }: Obstacle): string {
  return at === null ? why : `${why} (${at.file}:${at.line})`;
}
