/** What a framework family gives the model: its routes, and the other places where code starts running. */
import type { Linked } from "../link/rounds.ts";
import type { Sites } from "../link/sites.ts";
import type { Context, Entry, Handler, Route, Service } from "../model.ts";
import type { Repo } from "../repo/repo.ts";

/** The linked program as framework models read it. */
export interface LinkedApp {
  repo: Repo;
  linked: Linked;
  sites: Sites;
  services: readonly Service[];
  contextOf(file: string): Context;
  serviceOf(file: string): Service | null;
}

/** An app in front of what another framework serves in the same process: requests that none of its routes takes go on to that. */
export interface Front {
  service: string;
  /** What such a request has run through, by the path it was registered at. */
  inForce: readonly { path: string; handlers: readonly Handler[] }[];
}

export interface Framework {
  name: string;
  /** Registered routes; entries that are no routes. Pure, and silent about what it cannot resolve. */
  find(app: LinkedApp): { routes: Route[]; entries: Entry[]; fronts?: readonly Front[] };
}
