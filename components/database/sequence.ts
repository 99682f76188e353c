/** The order of calls within a function, and whether two of them can both run. */
import { conditionsOf } from "../../analyzers/code/conditions.ts";
import type { CallSite, Model } from "../../analyzers/model.ts";
import { escaped } from "../../analyzers/code/text.ts";
import type { Arm, Summary } from "../../analyzers/summary.ts";

/** Whether `second` can run after `first` in the same run of their function: not in another branch, not behind a return. */
export function canFollow(first: CallSite, second: CallSite, model: Model): boolean {
  const summary = model.summary(first.file);
  if (summary === null || first.file !== second.file || first.span.start >= second.span.start) return false;
  if (first.fn === second.fn && first.statement.end <= second.span.start && returns(first, model)) return false;
  return (
    armsWith(summary, first).every((arm) => {
      if (holds(arm, second)) return true;
      const isOther = summary.arms.some(
        (other) => other !== arm && other.whole.start === arm.whole.start && holds(other, second),
      );
      return !isOther && arm.ends === null;
    }) &&
    !isHandled(summary, first, second) &&
    !isOpposite(first, second, model)
  );
}

/** The name that the statement around a call declares for what it gives; undefined where it declares none. */
export function nameDeclared({ file, statement }: CallSite, model: Model): string | undefined {
  const text = model.repo.read(file) ?? "";
  return /\b(?:const|let|var)\s+(\w+)\s*=/.exec(text.slice(statement.start, statement.end))?.[1];
}

/** `if (liked) remove(); if (!liked) add();`: never both, as long as nothing in between changes what is asked. */
function isOpposite(first: CallSite, second: CallSite, model: Model): boolean {
  const holder = model.fn(first.fn);
  if (holder === null || second.span.end > holder.span.end) return false;
  const text = (model.repo.read(first.file) ?? "").slice(holder.span.start, second.span.start);
  const [own, others] = [first, second].map(({ span }) => plainTests(text, span.start - holder.span.start));
  return (own ?? []).some(({ asked, holds }) => {
    const isChanged = new RegExp(`(?<![\\w.])${escaped(asked)}\\s*=(?!=)`);
    return (
      (others ?? []).some((other) => other.asked === asked && other.holds !== holds) &&
      !isChanged.test(text.slice(first.span.end - holder.span.start))
    );
  });
}

/**
 * The tests of one name alone that a piece of code stands behind, and what each must have said. A block that ends early says
 * so in its arm; what is read here is `if (x) {` around the code and `if (x) return;` before it.
 */
function plainTests(text: string, start: number): { asked: string; holds: boolean }[] {
  return conditionsOf(text, { start }).flatMap((test) => {
    const [, not, asked, notBefore, askedBefore] =
      /^(?:if\s*\(\s*(!*)\s*([\w.$?]+)\s*\)|unless\s*\(\s*(!*)\s*([\w.$?]+)\s*\)\s*(?:return|throw)\b.*)$/s.exec(
        test,
      ) ?? [];
    if (asked !== undefined) return [{ asked, holds: (not ?? "").length % 2 === 0 }];
    return askedBefore === undefined ? [] : [{ asked: askedBefore, holds: (notBefore ?? "").length % 2 === 1 }];
  });
}

/** `return await save(row)`: what stands below it belongs to another run. */
function returns({ file, statement }: CallSite, model: Model): boolean {
  return /^return\b/.test((model.repo.read(file) ?? "").slice(statement.start, statement.start + 7));
}

function armsWith({ arms }: Summary, call: CallSite): Arm[] {
  return arms.filter((arm) => holds(arm, call));
}

function holds({ span }: Pick<Arm, "span">, call: CallSite): boolean {
  return span.start <= call.span.start && call.span.end <= span.end;
}

/** Whether a call stands in the `catch` of another. */
export function mends(call: CallSite, failing: CallSite, model: Model): boolean {
  const summary = model.summary(call.file);
  return summary !== null && call.file === failing.file && isHandled(summary, failing, call);
}

/** The second stands in the `catch` of the first: it mends what failed. */
function isHandled({ tries }: Summary, first: CallSite, second: CallSite): boolean {
  return tries.some(
    ({ block, handler }) => handler !== null && holds({ span: block }, first) && holds({ span: handler }, second),
  );
}
