/** Reads what the preload wrote down in the app's processes. */
import { readText } from "../workspace/package-json.ts";

export interface Report {
  /** Ports on which processes of the app began to listen, in order, as the code named them. */
  listens: number[];
  /** Places of the outside that were called, `<host>:<port>`. */
  outside: string[];
}

/** Reads the file; an absent one is an empty report. */
export function readReport(file: string): Report {
  const lines = (readText(file) ?? "").split("\n").map((line) => line.split(" "));
  const values = (kind: string): string[] => [
    ...new Set(lines.filter((line) => line[1] === kind).map((line) => line[2] ?? "")),
  ];
  return { listens: values("listen").map(Number), outside: values("outside") };
}
