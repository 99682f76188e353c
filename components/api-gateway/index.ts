/** API gateway: what stands at the door and says how much, how often and how large. */
import { rateLimitBites, steadyLoad } from "../../verify/designs.ts";
import { defineComponent } from "../component.ts";
import { detect, presence, whenQuiet } from "./detect.ts";
import { recipe } from "./recipe.ts";

export const apiGateway = defineComponent({
  id: "api-gateway",
  title: "API gateway",
  folder: import.meta.dirname,
  rules: [
    {
      id: "api-gateway/no-rate-limit-on-auth",
      title: "Passwords and codes can be tried without a limit",
      severity: "error",
      advice: "Limit how often one address may try to log in, sign up or have a code sent.",
    },
    {
      id: "api-gateway/no-rate-limit-on-expensive",
      title: "One client can run up the bill",
      severity: "warning",
      advice: "Limit how often one user, or one address without a login, may call what costs money or much work.",
    },
    {
      id: "api-gateway/no-body-limit",
      title: "Anyone can send bodies of any size",
      severity: "warning",
      advice: "Take only what the routes need, and let the few that take files have a limit of their own.",
    },
  ],
  services: [],
  presence,
  detect,
  whenQuiet,
  recipe,
  experiments: [
    rateLimitBites({
      id: "api-gateway/rate-limit-bites",
      component: "api-gateway",
      title: "One address tries to log in sixty times while others use the app",
      hypothesis: "The burst is refused in part, and nobody else is.",
      attack: "login",
    }),
    steadyLoad({
      id: "api-gateway/steady-load",
      component: "api-gateway",
      title: "Everyday reading with the limits in place",
      hypothesis: "Limits at the door cost the others nothing.",
    }),
  ],
});
