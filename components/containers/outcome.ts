/** What one finding comes to. */
import type { Brief, Edit } from "../../patches/edit.ts";

export type Outcome = { edits: Edit[]; notes: string[] } | { brief: Omit<Brief, "findingId"> };
