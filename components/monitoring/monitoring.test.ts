/** The monitoring component on its fixtures. */
import { testComponent } from "../testing/test-component.ts";
import { monitoring } from "./index.ts";

testComponent(monitoring);
