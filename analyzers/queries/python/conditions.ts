/** Conditions as Python writes them: keywords with lookups (`created__gte=day`), and comparisons (`Order.user_id == user.id`). */
import { beside, type Expr } from "../../flow/expression.ts";
import type { Model } from "../../model.ts";
import type { Value } from "../../summary.ts";
import type { Conditions } from "../objects.ts";
import type { Filter } from "../query.ts";
import { behind, entriesOf } from "../resolve.ts";

/** Conditions within conditions that are read. */
const MAX_DEPTH = 4;

/** `filter(a == b, c=d)`: all of them hold. */
export function conditionsIn(model: Model, args: readonly Expr[], sure = true, depth = 0): Conditions {
  const found = args.map((arg) => conditionIn(model, arg, sure, depth));
  // What stands behind an `if` leaves nothing out where it does not hold.
  return { filters: found.flatMap(({ filters }) => filters), open: sure && found.some(({ open }) => open) };
}

const unread: Conditions = { filters: [], open: true };

function conditionIn(model: Model, expr: Expr, sure: boolean, depth: number): Conditions {
  const found = behind(model, expr);
  const { value } = found;
  if (depth > MAX_DEPTH) return unread;
  switch (value.kind) {
    case "object":
      return keywords(model, found, sure);
    case "operation":
      if (value.operator === "|" || value.operator === "other") {
        const inner = value.of.map((each) => beside(found, each));
        return conditionsIn(model, inner, sure && value.operator === "other", depth + 1);
      }
      return compared(found, value.of, value.operator, sure);
    case "call":
      return called(model, found, value.call, sure, depth);
    default:
      return unread;
  }
}

/** `user=user, created__gte=day`. */
function keywords(model: Model, expr: Expr, sure: boolean): Conditions {
  const found = entriesOf(model, expr);
  if (found === null) return unread;
  const filters = [...found.entries].map(([key, value]): Filter => {
    const [column = key, ...lookups] = key.split("__");
    return { column, table: null, how: howOf(lookups), value, sure };
  });
  return { filters, open: found.open };
}

function howOf(lookups: readonly string[]): Filter["how"] {
  const last = lookups.at(-1);
  if (last === undefined || /^(exact|iexact|id|pk)$/.test(last)) return "=";
  if (last === "in") return "in";
  if (/^(gte?|lte?|range|date|year|month|day)$/.test(last)) return "range";
  if (/contains|startswith|endswith|regex|search/.test(last)) return "like";
  // `product__slug=slug`: of one product.
  return last === "isnull" ? "other" : "=";
}

function compared(expr: Expr, [left, right]: readonly Value[], operator: string, sure: boolean): Conditions {
  const column = left === undefined ? null : columnIn(left);
  if (column === null || right === undefined) return unread;
  const how = operator === "==" ? "=" : operator === "<" ? "range" : "other";
  return { filters: [{ ...column, how, value: beside(expr, right), sure }], open: false };
}

/** `Order.user_id`, `models.Order.user_id`, `Order.c.user_id`. */
function columnIn(value: Value): Pick<Filter, "column" | "table"> | null {
  if (value.kind !== "member" || value.property === "*") return null;
  const { object, property: column } = value;
  const holder = object.kind === "member" ? (object.property === "c" ? object.object : object) : object;
  const table = holder.kind === "member" ? holder.property : "name" in holder ? holder.name : null;
  return { column, table };
}

const methods: Readonly<Record<string, Filter["how"]>> = {
  in_: "in",
  any_: "in",
  is_: "other",
  isnot: "other",
  is_not: "other",
  not_in: "other",
  notin_: "other",
  like: "like",
  ilike: "like",
  contains: "like",
  icontains: "like",
  startswith: "like",
  endswith: "like",
  match: "like",
  between: "range",
};

/** `and_(a, b)`, `Q(a=1)`, `Order.id.in_(ids)`. */
function called(model: Model, expr: Expr, call: number, sure: boolean, depth: number): Conditions {
  const fact = model.summary(expr.file)?.calls[call];
  if (fact === undefined) return unread;
  const { callee } = fact;
  const args = fact.args.map((each) => beside(expr, each));
  const name = callee.kind === "imported" || callee.kind === "name" ? callee.name : "";
  const method = callee.kind === "member" ? callee.property : name;
  if (/^(and_|Q|And)$/.test(method)) return conditionsIn(model, args, sure, depth + 1);
  if (/^(or_|Or)$/.test(method)) return conditionsIn(model, args, false, depth + 1);
  const how = callee.kind === "member" ? methods[callee.property] : undefined;
  const column = callee.kind === "member" && how !== undefined ? columnIn(callee.object) : null;
  if (column === null || how === undefined) return unread;
  return { filters: [{ ...column, how, value: args[0] ?? null, sure }], open: false };
}
