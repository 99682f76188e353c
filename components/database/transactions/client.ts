/** What a library's transactions ask of the code around its queries: each library answers it in its own words. */
import type { Model } from "../../../analyzers/model.ts";
import type { Query } from "../../../analyzers/queries/index.ts";
import type { Edit } from "../../../patches/edit.ts";
import type { ImportWish } from "../../../patches/editors/imports.ts";
import type { Source } from "../../../patches/editors/source.ts";
import type { ts } from "../../../patches/editors/typescript.ts";
import type { Templates } from "../../component.ts";

export type Obstacle = { obstacle: string };

/** Statements of one function, or a whole body, with the queries that stand in them. */
export interface Work {
  source: Source;
  statements: readonly ts.Node[];
  queries: readonly Query[];
  model: Model;
  templates: Templates;
}

export interface Client {
  /** What the callback's client is called, the first one that is free. */
  names: readonly string[];
  /** What the reader of the patch has to know of it. */
  notes: readonly string[];
  /** Set where a name may be bound anew (`const [order] = ...`) when its query is put onto the transaction. */
  rebinds?: true;
  /** Whether queries may run at once in it: an answer that comes after the end of the transaction must not write any more. */
  atOnce: boolean;
  /** Why the app's database or driver holds no transaction; null where it does. */
  obstacle(queries: readonly Query[], model: Model): string | null;
  /** How queries come to run in the transaction; or why they cannot. */
  joined(work: Work): Joined | Obstacle;
}

export interface Joined {
  /** What is called with the callback, up to it (`prisma.$transaction(`), in a file that knows the client by this name. */
  opening(source: Source, root: string | null): Opening | Obstacle;
  /** The client as the code names it, by which another file may know it; null where each query is told by itself. */
  root: string | null;
  /** The queries put onto the transaction of this name. */
  onto(name: string): Edit[];
  /** The parameter by which a function is given the transaction. */
  parameter(name: string): Parameter | Obstacle;
}

export interface Opening {
  text: string;
  wishes: readonly ImportWish[];
  /** Files, and exports of other files, that have to be there first. */
  files: readonly Edit[];
}

export interface Parameter {
  text: string;
  wishes: readonly ImportWish[];
}
