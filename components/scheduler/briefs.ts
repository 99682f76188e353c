/** What is asked of the engineer or agent where no recipe can do it. */
import type { Model } from "../../analyzers/model.ts";
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";

export function briefFor(finding: Finding, obstacle: string | null, _model: Model): Brief {
  const because = obstacle === null ? "" : ` It is not patched because ${obstacle}.`;
  return {
    findingId: finding.id,
    where: { file: finding.file, line: finding.line },
    why: `${finding.message}${because}`,
    constraints: [],
    acceptance: "",
  };
}
