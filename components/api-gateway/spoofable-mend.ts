/** Believes as many proxies as stand before the app, where it believed everybody about a caller's address. */
import type { Model } from "../../analyzers/model.ts";
import { addEnv } from "../../patches/editors/dotenv.ts";
import type { Finding } from "../finding.ts";
import { byHandBrief } from "./by-hand.ts";
import { countedNote, countedProxies } from "../counted-proxies.ts";
import type { Work } from "./limit-work.ts";
import { hopsVariable } from "../trust-proxy.ts";

export function mendSpoofable(finding: Finding, model: Model): Work {
  const edits = finding.anchor === "trust proxy" ? countedProxies(finding, model) : null;
  const service = model.service(finding.file);
  if (edits === null || service === null) {
    const brief = byHandBrief(finding, "the address is taken from a header by code of the app's own");
    return { outcomes: [{ finding, brief }], edits: [], notes: [], env: [] };
  }
  return {
    outcomes: [{ finding, brief: null }],
    edits: [...edits, ...addEnv(model.repo, service.root, [hopsVariable])],
    notes: [countedNote],
    env: [hopsVariable],
  };
}
