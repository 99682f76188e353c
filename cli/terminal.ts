/** The two streams: answers on stdout, everything else on stderr, with colours only where they are wanted. */
import { canvas, type Canvas } from "../report/text/layout.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface Terminal {
  /** For what goes to stdout. */
  canvas: Canvas;
  /** For what goes to stderr. */
  chatter: Canvas;
  /** True when stderr is a screen on which a line can be drawn again. */
  live: boolean;
  /** True when stdout is a screen: text from a repo must not be able to steer it. */
  screen: boolean;
  answer: (text: string) => void;
  say: (text: string) => void;
}

const DEFAULT_WIDTH = 100;

export function openTerminal(
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
  environment: Environment,
): Terminal {
  const width = stdout.isTTY ? stdout.columns : DEFAULT_WIDTH;
  return {
    canvas: canvas(hasColour(stdout, environment), width),
    chatter: canvas(hasColour(stderr, environment), stderr.isTTY ? stderr.columns : DEFAULT_WIDTH),
    live: stderr.isTTY && environment["TERM"] !== "dumb" && !isSet(environment["CI"]),
    screen: stdout.isTTY,
    answer: (text) => void stdout.write(text),
    say: (text) => void stderr.write(`${text}\n`),
  };
}

/** `NO_COLOR` and `TERM=dumb` win, `FORCE_COLOR` comes next, then whether a screen is there. */
function hasColour(stream: NodeJS.WriteStream, environment: Environment): boolean {
  if (isSet(environment["NO_COLOR"]) || environment["TERM"] === "dumb") return false;
  if (isSet(environment["FORCE_COLOR"])) return environment["FORCE_COLOR"] !== "0";
  return stream.isTTY;
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}
