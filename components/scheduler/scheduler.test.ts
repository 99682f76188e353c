/** Scheduler: its fixtures hold what every component must. */
import { testComponent } from "../testing/test-component.ts";
import { scheduler } from "./index.ts";

testComponent(scheduler);
