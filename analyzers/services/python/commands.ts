/** Commands that start Python programs: which module or file, and on which port. */

/** `module`: dotted, as `app.main`; `file`: a path. `worker`: a queue's or a clock's process; `django`: manage.py with its verb. */
export type PythonLaunch =
  | { kind: "web"; module: string; port: number | null }
  | { kind: "file"; file: string }
  | { kind: "worker"; module: string | null }
  | { kind: "django"; verb: string; port: number | null };

const servers = /^(uvicorn|gunicorn|hypercorn|daphne|waitress-serve|granian)$/;
/** Words before the program: `poetry run`, `uv run`, `python -m`, `exec`. */
const before =
  /^(exec|poetry|uv|pipenv|run|python3?(\.\d+)?|-m|-u|opentelemetry-instrument|ddtrace-run|newrelic-admin|run-program|time|sudo)$/;

/** Everything that a command line starts, in order. */
export function pythonLaunches(command: string): PythonLaunch[] {
  if (command.length > 4000) return [];
  return command.split(/&&|\|\||[;\n|&]/).flatMap((part) =>
    launchOf(
      part
        .trim()
        .split(/\s+/)
        .map((word) => word.replaceAll(/["'[\],]/g, ""))
        .filter((word) => word !== ""),
    ),
  );
}

function launchOf(words: string[]): PythonLaunch[] {
  const shell = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  const start = /^(\/bin\/)?(ba|a)?sh$/.test(words[0] ?? "") && shell > 0 ? shell + 1 : 0;
  const at = words.findIndex((word, index) => index >= start && !before.test(nameOf(word)) && !/^\w+=/.test(word));
  const [program, ...rest] = at < 0 ? [] : words.slice(at);
  if (program === undefined) return [];
  const name = nameOf(program);
  const port = portIn(rest);
  if (servers.test(name)) {
    const module = rest.find(
      (word) => /^[\w.]+(:[\w.]+(\(.*\))?)?$/.test(word) && !/^\d/.test(word) && isPlain(rest, word),
    );
    return module === undefined ? [] : [{ kind: "web", module: module.split(":")[0] ?? module, port }];
  }
  if (name === "fastapi") return /^(run|dev)$/.test(rest[0] ?? "") ? fileIn(rest.slice(1)) : [];
  if (name === "flask") return flask(rest, port);
  if (name === "celery") return [{ kind: "worker", module: optionIn(rest, /^(-A|--app)$/) }];
  if (/^(rq|rqworker|arq|dramatiq|taskiq|huey_consumer(\.py)?)$/.test(name)) {
    return [{ kind: "worker", module: rest.find((word) => /^[\w.]+$/.test(word) && word !== "worker") ?? null }];
  }
  if (/(^|\/)manage\.py$/.test(program)) return [{ kind: "django", verb: rest[0] ?? "", port: portOf(rest[1] ?? "") }];
  return program.endsWith(".py") ? [{ kind: "file", file: program }] : [];
}

function nameOf(word: string): string {
  return word.slice(word.lastIndexOf("/") + 1);
}

function flask(words: readonly string[], port: number | null): PythonLaunch[] {
  if (!words.includes("run")) return [];
  const module = optionIn(words, /^(-A|--app)$/);
  return [{ kind: "web", module: module === null ? "" : (module.split(":")[0] ?? ""), port }];
}

function fileIn(words: readonly string[]): PythonLaunch[] {
  const file = words.find((word) => word.endsWith(".py"));
  return file === undefined ? [] : [{ kind: "file", file }];
}

/** No value of an option before it: `-w 4`, `-k uvicorn.workers.UvicornWorker`. */
function isPlain(words: readonly string[], word: string): boolean {
  const previous = words[words.indexOf(word) - 1] ?? "";
  return !previous.startsWith("-") || /^--?(reload|preload|proxy-headers|factory)$/.test(previous);
}

function optionIn(words: readonly string[], names: RegExp): string | null {
  for (const [index, word] of words.entries()) {
    if (names.test(word)) return words[index + 1] ?? null;
    const [name = "", value] = word.split("=");
    if (value !== undefined && names.test(name)) return value;
  }
  return null;
}

function portIn(words: readonly string[]): number | null {
  return portOf(optionIn(words, /^(-p|--port|-b|--bind)$/) ?? "");
}

/** `8000`, `0.0.0.0:8000`, `${PORT:-8000}`. */
function portOf(text: string): number | null {
  const digits = /(?:^|:-?)(\d{2,5})\}?$/.exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}
