/** A condition written as SQL within a query builder: `where("user.id = :id", { id })`. */
import type { Expr } from "../../flow/expression.ts";
import type { Model } from "../../model.ts";
import type { Reading } from "../query.ts";
import { readSql } from "./statement.ts";
import { partsOf } from "./text.ts";

export function fragmentOf(
  model: Model,
  text: Expr,
  sure: boolean,
  named: (name: string) => Expr | null,
  at: (position: number) => Expr | null = () => null,
): Pick<Reading, "filters" | "open"> {
  const parts = partsOf(model, text);
  if (parts === null) return { filters: [], open: true };
  const { filters, open } = readSql(["SELECT * FROM own WHERE ", ...parts], { at, named });
  // A builder's alias stands for its own table; which one a prefix means cannot be said here.
  return { filters: filters.map((filter) => ({ ...filter, table: null, sure: sure && filter.sure })), open };
}
