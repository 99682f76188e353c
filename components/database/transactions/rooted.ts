/** Libraries whose transaction is a client of its own: the app's client is replaced by it in every query. */
import { replace, type Source } from "../../../patches/editors/source.ts";
import type { Joined, Obstacle, Opening, Parameter, Work } from "./client.ts";
import { rootsIn, type RootOf } from "./roots.ts";

export interface Rooted {
  rootOf: RootOf;
  opening: (root: string, work: Work, source: Source) => Opening | Obstacle;
  /** The parameter's type in TypeScript, if it has to be written, and what that takes. */
  type: (root: string, work: Work) => Parameter | Obstacle;
}

export function joinedByRoot({ rootOf, opening, type }: Rooted, work: Work): Joined | Obstacle {
  const roots = rootsIn(work, rootOf);
  if ("obstacle" in roots) return roots;
  const [first] = roots;
  if (first === undefined) return { obstacle: "no query could be read" };
  if (roots.some(({ text }) => text !== first.text)) return { obstacle: "the queries are asked of several clients" };
  const { source } = work;
  return {
    root: first.text,
    opening: (place, root) => opening(root ?? first.text, work, place),
    onto: (name) =>
      roots.map(({ node }) => replace(source, { start: node.getStart(source.tree), end: node.end }, name)),
    parameter: (name) => {
      if (source.style.language !== "typescript") return { text: `${name} = ${first.text}`, wishes: [] };
      const typed = type(first.text, work);
      return "obstacle" in typed ? typed : { text: `${name}: ${typed.text} = ${first.text}`, wishes: typed.wishes };
    },
  };
}

/** `prisma.$transaction(` */
export function begunBy(method: string): Rooted["opening"] {
  return (root) => ({ text: `${root}.${method}(`, wishes: [], files: [] });
}

/** `Pick<typeof db, "insert">`: a client and its transaction have the same methods for these. */
export function picked(root: string, members: readonly string[]): Parameter | Obstacle {
  if (!/^\w+$/.test(root)) return { obstacle: `the type of \`${root}\` has no name that a parameter could be given` };
  const names = [...new Set(members)].sort().map((member) => `"${member}"`);
  return { text: `Pick<typeof ${root}, ${names.join(" | ")}>`, wishes: [] };
}
