/** What a reader of the patch has to know before its indexes reach a database that people use. */

/** `done`: how the app's tool is told that a migration was run by hand; null where it finds out for itself. */
export function holdsUpWrites(done: string | null): string {
  const rest = done === null ? "" : `, then tell the tool that this migration is done: ${done}`;
  return `While Postgres builds an index, writes to its table wait; reading goes on. On a small table nobody notices. On a big one that is in use, first run the same statements by hand as \`CREATE INDEX CONCURRENTLY\`, each by itself and outside a transaction${rest}.`;
}
