/** The template component: its fixtures hold what every component must. */
import { testComponent } from "../testing/test-component.ts";
import { templateComponent } from "./index.ts";

testComponent(templateComponent);
