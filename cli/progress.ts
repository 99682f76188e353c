/** What we are doing and for how long: one live line on a screen, plain lines elsewhere. */
import { columns, clip } from "../report/text/layout.ts";
import { printable } from "../analyzers/repo/printable.ts";
import type { Terminal } from "./terminal.ts";

export interface Progress {
  /** Begins a named stage, or says more about the one that runs. */
  stage(name: string, detail?: string): void;
  /** Ends the last stage; call it before anything else is printed. */
  end(): void;
}

/** A stage on a screen leaves a line behind when it took longer than this. */
const WORTH_KEEPING_MS = 2000;
const REDRAW_MS = 120;

export function openProgress(terminal: Terminal): Progress {
  return terminal.live ? liveProgress(terminal) : plainProgress(terminal);
}

function plainProgress(terminal: Terminal): Progress {
  let last = "";
  return {
    stage(name, detail) {
      const line = printable(detail === undefined ? name : `${name}: ${detail}`);
      if (line !== last) terminal.say(line);
      last = line;
    },
    end() {},
  };
}

function liveProgress({ chatter: { paint, width } }: Terminal): Progress {
  let running: { name: string; detail: string; since: number } | null = null;
  let timer: NodeJS.Timeout | null = null;

  function draw(): void {
    if (running === null) return;
    const elapsed = seconds(Date.now() - running.since);
    const text = clip(
      `${running.name}${running.detail === "" ? "" : `: ${running.detail}`}`,
      width - columns(elapsed) - 4,
    );
    process.stderr.write(`\r\u001b[2K${paint.cyan("›")} ${text} ${paint.dim(elapsed)}`);
  }

  function end(): void {
    if (timer !== null) clearInterval(timer);
    timer = null;
    if (running === null) return;
    process.stderr.write("\r\u001b[2K");
    const took = Date.now() - running.since;
    if (took >= WORTH_KEEPING_MS)
      process.stderr.write(`${paint.green("✓")} ${running.name} ${paint.dim(seconds(took))}\n`);
    running = null;
  }

  return {
    stage(name, detail = "") {
      const label = printable(name);
      if (running?.name !== label) {
        end();
        running = { name: label, detail: "", since: Date.now() };
        timer = setInterval(draw, REDRAW_MS).unref();
      }
      running.detail = printable(detail);
      draw();
    },
    end,
  };
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
