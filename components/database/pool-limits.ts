/** Gives a pool an end to waiting, and a size that the environment decides: how many processes share the server is not known to the code. */
import type { Model } from "../../analyzers/model.ts";
import type { EnvVar } from "../../patches/edit.ts";
import { setOptions } from "../../patches/editors/calls.ts";
import { addEnv } from "../../patches/editors/dotenv.ts";
import { openSource } from "../../patches/editors/source.ts";
import type { Finding } from "../finding.ts";
import type { Attempt } from "./written.ts";

/** node-postgres' own default, so that nothing changes until somebody sets it. */
const size: EnvVar = {
  name: "DATABASE_POOL_MAX",
  example: "10",
  note: "Connections that one process opens at most: times the number of processes it stays below the server's limit.",
};

export function limitPool(finding: Finding, model: Model): Attempt {
  const site = finding.call === null ? null : model.call(finding.call);
  const source = site === null ? null : openSource(model.repo, site.file);
  if (site === null || source === null) return { obstacle: "the pool could not be found in the text" };
  const [options] = site.args;
  const isSized = options?.kind === "object" && "max" in options.entries;
  const edits = setOptions(source, site.span, 0, {
    ...(isSized ? {} : { max: `Number(process.env.${size.name} || ${size.example})` }),
    connectionTimeoutMillis: "5000",
  });
  if (edits === null) return { obstacle: "the pool's options are not written out there" };
  const service = model.service(site.file);
  return {
    edits,
    shared: isSized || service === null ? [] : addEnv(model.repo, service.root, [size]),
    env: isSized ? [] : [size],
    notes: [
      "A request gets an error after five seconds without a connection, where it waited without end. A Postgres server takes 100 connections unless told otherwise: with ten left for migrations and people, three processes may have (100 - 10) / 3 = 30 each, ten processes 9.",
    ],
  };
}
