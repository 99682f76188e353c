/** One route module with its place among the others, however it was found. */
import type { FileNode } from "../../link/program.ts";

export interface Module {
  file: FileNode;
  path: string;
  /** A layout that adds nothing to the path, so that no request is for it alone. */
  isPathless: boolean;
  /** Another module answers at the same path, within this one. */
  hasIndex: boolean;
  /** The modules that it is rendered in, the outermost first; the root is none of them. */
  around: readonly FileNode[];
}
