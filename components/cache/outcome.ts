/** What becomes of one finding: edits, or the words that say why not. */
import type { Brief, Edit } from "../../patches/edit.ts";
import type { ImportWish } from "../../patches/editors/imports.ts";
import type { Finding } from "../finding.ts";

export type Words = Pick<Brief, "why" | "constraints" | "acceptance">;

export interface Mend {
  edits: Edit[];
  /** Imports that files want: put in together, once all mends are known. */
  imports: { file: string; wish: ImportWish }[];
  notes: string[];
}

export type Mended = Mend | { cannot: string };

/** One finding, and what becomes of it. */
export interface Outcome {
  finding: Finding;

  mended: Mended;
}
