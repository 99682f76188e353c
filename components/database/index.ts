/** Database: queries that stay fast as the tables grow, writes that stay right under load, connections that do not run out. */
import { defineComponent } from "../component.ts";
import { detect } from "./detect.ts";
import { presence } from "./presence.ts";
import { whenQuiet } from "./quiet.ts";
import { recipe } from "./recipe.ts";
import { rules } from "./rules.ts";

export const database = defineComponent({
  id: "database",
  title: "Database",
  folder: import.meta.dirname,
  judgesPython: "part",
  rules,
  services: [],
  presence,
  detect,
  whenQuiet,
  recipe,
  experiments: [],
});
