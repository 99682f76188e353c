/** The shutdown component on its fixtures. */
import { testComponent } from "../testing/test-component.ts";
import { shutdown } from "./index.ts";

testComponent(shutdown);
