/** `@SkipThrottle()`: routes that the throttler's guard lets through uncounted. */
import { argumentOf, type Decoration } from "../../link/decorations.ts";
import type { Solver } from "../../link/solver.ts";
import type { Handler } from "../../model.ts";

const GUARD = /^@nestjs\/throttler:ThrottlerGuard\b/;
const SKIP = "@nestjs/throttler:SkipThrottle";

/** True for a throttler's guard on a handler that is taken out; the method's word counts before the class's. */
export function isSkipped(
  solver: Solver,
  { api }: Handler,
  ofClass: readonly Decoration[],
  ofMethod: readonly Decoration[],
): boolean {
  if (api === null || !GUARD.test(api)) return false;
  const said = [...ofMethod, ...ofClass].find((each) => each.api === SKIP);
  return said !== undefined && !isTakenBack(solver, said);
}

/** `@SkipThrottle({ default: false })`, or a named limit that is skipped while the others still count. */
function isTakenBack(solver: Solver, decoration: Decoration): boolean {
  return argumentOf(solver, decoration, 0).some((token) => {
    if (token.kind === "literal") return token.value === false;
    if (token.kind !== "object") return false;
    const whole = solver.member(token, "default");
    return whole.length === 0 || whole.some((each) => each.kind === "literal" && each.value === false);
  });
}
