/** API gateway: what stands at the door and says how much, how often and how large. */
import { rateLimitBites, steadyLoad } from "../../verify/designs/index.ts";
import { defineComponent } from "../component.ts";
import { detect, presence, whenQuiet } from "./detect.ts";
import { recipe } from "./recipe.ts";

export const apiGateway = defineComponent({
  id: "api-gateway",
  title: "API gateway",
  folder: import.meta.dirname,
  judgesPython: "whole",
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
    {
      id: "api-gateway/rate-limit-in-memory-store",
      title: "Each process counts a rate limit for itself",
      severity: "warning",
      advice: "Give the limiter a store that all processes share: Redis, or the database at hand.",
    },
    {
      id: "api-gateway/rate-limit-spoofable",
      title: "A rate limit can be passed with a made-up address",
      severity: "warning",
      advice: "Set `trust proxy` to the number of proxies that stand before the app, and count under `req.ip`.",
    },
    {
      id: "api-gateway/rate-limit-too-short",
      title: "A rate limit that lets everybody through",
      severity: "error",
      advice: "Give the stretch of time in milliseconds: `60_000` for a minute.",
    },
    {
      id: "api-gateway/cors-any-origin-with-credentials",
      title: "Every website may act for logged-in users",
      severity: "error",
      advice: "Name the websites that may: a list of origins from the settings, or none where page and API share one.",
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
