/** Cdn: its fixtures hold what every component must. */
import { testComponent } from "../testing/test-component.ts";
import { cdn } from "./index.ts";

testComponent(cdn);
