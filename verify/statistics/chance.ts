/** Whether two totals of rare events can come from the same rate. */

/**
 * Probability, were both sides alike and watched for the same exposure, of a split at least as uneven as this one
 * in the seen direction: the exact conditional test of two Poisson counts, which is a binomial tail at one half.
 * Exposures default to equal; they are the opportunities each side had (passes).
 */
export function chanceOfSplit(first: number, second: number, exposures: [number, number] = [1, 1]): number {
  const events = Math.round(first) + Math.round(second);
  const exposed = exposures[0] + exposures[1];
  if (events === 0 || exposed <= 0) return 1;
  const share = exposures[0] / exposed;
  const seen = Math.round(first);
  const fewer = seen / events <= share;
  let probability = 0;
  for (let count = fewer ? 0 : seen; count <= (fewer ? seen : events); count += 1) {
    probability += Math.exp(logChoose(events, count) + count * Math.log(share) + (events - count) * Math.log1p(-share));
  }
  return Math.min(1, probability);
}

function logChoose(from: number, choose: number): number {
  let sum = 0;
  for (let step = 1; step <= choose; step += 1) sum += Math.log(from - choose + step) - Math.log(step);
  return sum;
}
