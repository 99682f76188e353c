/** What a reader of the patch has to know before its indexes reach a database that people use. */

/** `then`: what keeps the app's tool from making the same index once more; null where nothing has to. */
export function holdsUpWrites(then: string | null): string {
  const rest = then === null ? "" : `, then ${then}`;
  return `While Postgres builds an index, writes to its table wait; reading goes on. On a small table nobody notices. On a big one that is in use, first run the same statements by hand as \`CREATE INDEX CONCURRENTLY\`, each by itself and outside a transaction${rest}.`;
}
