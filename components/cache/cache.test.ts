/** Cache: its fixtures hold what every component must. */
import { testComponent } from "../testing/test-component.ts";
import { cache } from "./index.ts";

testComponent(cache);
