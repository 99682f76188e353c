/** What becomes of a finding: edits, or the concrete reason why there are none. */
import type { Edit, EnvVar } from "../../patches/edit.ts";

export interface Mended {
  edits: Edit[];
  notes: string[];
  env?: readonly EnvVar[];
  services?: readonly string[];
  /** Why the finding is not wholly cured: the rest is a brief. */
  remains?: string;
}

export type Outcome = Mended | { cannot: string };
