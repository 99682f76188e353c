/** What is known of a file before it is read, whatever its language. */
import type { Summary } from "../summary.ts";
import { record } from "./walk.ts";

export function emptySummary(language: Summary["language"]): Summary {
  return {
    language,
    modules: "none",
    directives: [],
    imports: [],
    exports: record(),
    reexports: [],
    functions: [],
    classes: [],
    calls: [],
    writes: [],
    changes: [],
    arms: [],
    tries: [],
    env: [],
    jsx: false,
    dom: false,
    problem: null,
  };
}
