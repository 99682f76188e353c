/** Nest stops in order by itself, once it is told to hear the signal. */
import type { CallSite } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { callAt } from "../../patches/editors/calls.ts";
import type { Source } from "../../patches/editors/source.ts";
import { insertBefore, statementAt } from "../../patches/editors/statements.ts";

/** Null when the app has no name that a statement could use. */
export function hearSignal(source: Source, listen: CallSite): Edit[] | null {
  const app = /^([\w$.]+)\.listen(Async)?$/.exec(callAt(source, listen.span)?.callee ?? "")?.[1];
  const statement = statementAt(source, listen.span.start);
  if (app === undefined || statement === null) return null;
  return [insertBefore(source, statement, `${app}.enableShutdownHooks();`)];
}

export const nestNote =
  "Requests in hand are answered before the process ends. Providers close their connections in `onModuleDestroy`; where no proxy waits for a health check, a pause in `beforeApplicationShutdown` lets the last requests arrive.";
