/** The api-gateway component on its fixtures. */
import { testComponent } from "../testing/test-component.ts";
import { apiGateway } from "./index.ts";

testComponent(apiGateway);
