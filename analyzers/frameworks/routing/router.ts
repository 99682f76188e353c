/** Routers: what routes and middleware are registered on, told apart by where each was made. */
import type { External, Token } from "../../link/token.ts";

export interface Router {
  key: string;
  /** True for what listens by itself, false for what only works mounted in another. */
  isApp: boolean;
  /** Null when only a type says that it is one. */
  made: External["made"];
}

/** The router that a token is; null when it is none. */
export type RouterOf = (token: Token) => Router | null;

/** A router by its kind and the place where it was made. */
export function routerMadeAt(kind: string, isApp: boolean, made: External["made"]): Router {
  const place = made === null ? "?" : `${made.call.uid}/${made.env?.key ?? 0}`;
  return { key: `${kind} ${place}`, isApp, made };
}
