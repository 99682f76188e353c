/** Error tracking: its fixtures hold what every component must. */
import { testComponent } from "../testing/test-component.ts";
import { errorTracking } from "./index.ts";

testComponent(errorTracking);
