/** The words that go to an agent or a model: files in `templates/`, filled in. */
import { fill } from "../patches/fill.ts";
import { templatesOf } from "../patches/templates.ts";

const read = templatesOf(import.meta.dirname);

/** The words of `templates/<name>.md`; see {@link fill}. */
export function words(name: string, values: Readonly<Record<string, string | boolean>> = {}): string {
  return fill(read(`${name}.md`), values);
}
