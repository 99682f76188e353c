/** The last lines that processes printed, bounded, and what of them is worth reading. */
import { stripVTControlCharacters } from "node:util";

const capacity = 2000;
const longest = 2000;
const noise =
  /^\s*$|A complete log of this run can be found|^npm (?:warn|notice)|^npm (?:error|ERR!)\s*$|^> |^\s+at .*\(?node:|^\s*\^+\s*$|^Node\.js v\d/;
/** A process's name before its line. */
const prefix = /^\[[^\]]+\] /;

/** A bounded list of lines, newest last. */
export class Log {
  #lines: string[] = [];

  add(line: string): void {
    this.#lines.push(stripVTControlCharacters(line).slice(0, longest));
    if (this.#lines.length > capacity) this.#lines.splice(0, this.#lines.length - capacity);
  }

  /** The last lines as they were printed. */
  last(count: number): string[] {
    return this.#lines.slice(-count);
  }

  /** The last lines that say something: no blank lines, no script banners, no pointers to other logs, no frames of Node's own. */
  useful(count: number): string[] {
    return this.#lines.filter((line) => !noise.test(line.replace(prefix, ""))).slice(-count);
  }

  /** A writer for the chunks of one stream; a line is kept when it is whole, `flush` keeps the rest. */
  writer(prefix = ""): { write(chunk: string): void; flush(): void } {
    let rest = "";
    return {
      write: (chunk) => {
        const lines = (rest + chunk).split("\n");
        rest = (lines.pop() ?? "").slice(-longest);
        for (const line of lines) this.add(prefix + line.replace(/\r$/, ""));
      },
      flush: () => {
        if (rest !== "") this.add(prefix + rest);
        rest = "";
      },
    };
  }
}
