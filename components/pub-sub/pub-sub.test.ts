/** Pub sub: its fixtures hold what every component must. */
import { testComponent } from "../testing/test-component.ts";
import { pubSub } from "./index.ts";

testComponent(pubSub);
