/** How an app says no: a refusal looks like its other errors. */
import { majority } from "./majority.ts";

export const refusalText = "Too many attempts, please try again later";

/** An answer that says what went wrong: with an error's status, or with the text of what was thrown. */
const errorAnswers = [
  /\.status\(\s*(?!2\d\d\b)[^()]*\)\s*\.(?:json|send)\(\s*\{\s*(success\s*:\s*false\s*,\s*)?["']?(error|message|msg|detail)["']?\s*:(\s*\{\s*message)?/g,
  /\.(?:json|send)\(\s*\{\s*(success\s*:\s*false\s*,\s*)?["']?(error|message|msg|detail)["']?\s*:\s*(?:err|error|e)\.message/g,
];
/** Where the status stands behind the body: `Response.json({ error: "..." }, { status: 400 })`, `c.json({ ... }, 400)`. */
const statusBehind =
  /\.json\(\s*\{\s*(success\s*:\s*false\s*,\s*)?["']?(error|message|msg|detail)["']?\s*:(\s*\{\s*message)?[^{}]*\}+\s*,\s*(?:\{\s*status\s*:\s*)?[45]\d\d\b/g;
/** `new NextResponse("Unauthorized", { status: 401 })`. */
const plainText = /new (?:Next)?Response\(\s*["'`][^"'`]*["'`]\s*,\s*\{\s*status\s*:\s*[45]\d\d\b/g;

/** The refusal in the shape that the app's own errors have, as an object literal. */
export function errorBody(files: readonly string[]): string {
  return shapeOf(files, errorAnswers);
}

/** The same for frameworks whose answers have the status behind the body. */
export function errorBodyBefore(files: readonly string[]): string {
  return shapeOf(files, [...errorAnswers, statusBehind]);
}

/** Whether errors are mostly answered as plain text there. */
export function answersPlainly(files: readonly string[]): boolean {
  const count = (pattern: RegExp): number => files.reduce((sum, text) => sum + [...text.matchAll(pattern)].length, 0);
  return count(plainText) > count(statusBehind);
}

function shapeOf(files: readonly string[], patterns: readonly RegExp[]): string {
  const found = files.flatMap((file) => patterns.flatMap((pattern) => [...file.matchAll(pattern)]));
  const shapes = found.map(([, failed, key, nested]) => {
    const lead = failed === undefined ? "" : "success: false, ";
    return nested === undefined ? `${lead}${key}: TEXT` : `${lead}${key}: { message: TEXT }`;
  });
  return `{ ${(majority(shapes) ?? "error: TEXT").replace("TEXT", JSON.stringify(refusalText))} }`;
}
