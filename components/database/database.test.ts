/** Database: its fixtures hold what every component must. */
import { testComponent } from "../testing/test-component.ts";
import { database } from "./index.ts";

testComponent(database);
