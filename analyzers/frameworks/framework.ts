/** What a framework family gives the model: its routes, and the other places where code starts running. */
import type { Linked } from "../link/rounds.ts";
import type { Sites } from "../link/sites.ts";
import type { Context, Entry, Route, Service } from "../model.ts";
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

export interface Framework {
  name: string;
  /** Registered routes; entries that are no routes. Pure, and silent about what it cannot resolve. */
  find(app: LinkedApp): { routes: Route[]; entries: Entry[] };
}
