/** Object storage: its fixtures hold what every component must. */
import { testComponent } from "../testing/test-component.ts";
import { objectStorage } from "./index.ts";

testComponent(objectStorage);
