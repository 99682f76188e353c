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
      'Or the browser sends it there itself: a new route checks who asks and makes a key of its own (never the user\'s file name), then answers with `createPresignedPost` (`@aws-sdk/s3-presigned-post`) for this one key, good for five minutes, with the conditions `["content-length-range", 1, largest]` and `["eq", "$Content-Type", type]` for a type from the app\'s list. Where `@vercel/blob` is in use already, `handleUpload` and `upload` of `@vercel/blob/client` do the same.',
      "The form then POSTs the signed fields and the file to the bucket and tells the app the key; the app looks with HeadObject whether size and type are what was signed before the row keeps them. The bucket's CORS rules admit POST from the app's origin. The old multipart route stays for old clients.",
      "Private files: after the check that is there today the app answers 302 with `getSignedUrl` for `GetObjectCommand` (`@aws-sdk/s3-request-presigner`), good for a minute and `Cache-Control: private, no-store`, if links and images ask for it. What asks by `fetch` with a token gets it streamed as before, since its redirect would need the bucket's CORS rules.",
      "Files that are there already are copied once, by a script that can run again; addresses that were handed out go on working.",
      "Without the bucket's settings (a developer's machine) the folder is used as before, and the log says so.",
    ],
    acceptance:
      "A file sent to one copy of the app is fetched from another one, after a restart of both; one byte over the limit, or another type than the signed one, is refused by the bucket.",
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

/** Beside the patch: on functions the app can pass on small files only. */
export function largeFilesBrief(finding: Finding): Brief | null {
  const brief = briefFor(finding);
  const why =
    "The patch lets the app pass files on to the bucket, and the host's functions refuse bodies over a few megabytes (Vercel: 4.5 MB, with 413). Larger files need the browser, whose code has to change with it.";
  return brief === null ? null : { ...brief, why, constraints: brief.constraints.slice(1) };
}

function inWords({ why, at }: Obstacle): string {
  return at === null ? why : `${why} (${at.file}:${at.line})`;
}
