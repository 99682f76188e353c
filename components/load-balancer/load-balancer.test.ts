/** Load balancer: its fixtures hold what every component must. */
import { testComponent } from "../testing/test-component.ts";
import { loadBalancer } from "./index.ts";

testComponent(loadBalancer);
