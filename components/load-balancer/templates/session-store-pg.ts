/** Where sessions are kept: in the app's Postgres, which all processes share. */
import connectPgSimple from "connect-pg-simple";
import session from "express-session";
// @if own
__POOL_IMPORT__;
// @end

export function openSessionStore() {
  const PgStore = connectPgSimple(session);
  // @if own
  return new PgStore({ __POOL__, createTableIfMissing: true });
  // @end
  // @if !own
  return new PgStore({ conString: process.env.__ADDRESS__, createTableIfMissing: true });
  // @end
}
