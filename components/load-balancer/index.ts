/** Load balancer: more than one process answers, and no user can tell which. */
import { defineComponent } from "../component.ts";
import { detect } from "./detect.ts";
import { experiments } from "./experiments.ts";
import { presence, whenQuiet } from "./presence.ts";
import { recipe } from "./recipe.ts";

export const loadBalancer = defineComponent({
  id: "load-balancer",
  title: "Load balancer",
  folder: import.meta.dirname,
  rules: [
    {
      id: "load-balancer/in-memory-session",
      title: "Logins are known to one process only",
      severity: "warning",
      advice:
        "Keep sessions in the database or in Redis, so that every process knows them and a restart forgets nobody.",
    },
    {
      id: "load-balancer/in-memory-state-shared",
      title: "What users leave is kept in the memory of one process",
      severity: "warning",
      advice:
        "Keep it in the database, or in Redis where it may expire; the memory of a process is for what can be made again.",
    },
    {
      id: "load-balancer/ws-local-broadcast",
      title: "Live messages reach only the users of one process",
      severity: "warning",
      advice:
        "Send them through something that all processes listen to: a Socket.IO adapter, Redis publish and subscribe, or LISTEN and NOTIFY of Postgres.",
    },
    {
      id: "load-balancer/sqlite-on-local-disk",
      title: "The database is a file on one machine",
      severity: "warning",
      advice:
        "Move to a database that is a service of its own (Postgres, or a hosted SQLite); until then attach a disk that stays, back it up, and run one instance.",
    },
    {
      id: "load-balancer/trust-proxy-missing",
      title: "The app takes the proxy for its users",
      severity: "warning",
      advice: "Set `trust proxy` to the number of proxies that stand before the app, never to `true`.",
    },
    {
      id: "load-balancer/keep-alive-shorter-than-proxy",
      title: "The app hangs up before the proxy does",
      severity: "warning",
      advice:
        "Set `server.keepAliveTimeout` above the proxy's own idle time: 65 seconds behind an AWS load balancer, 76 behind nginx.",
    },
    {
      id: "load-balancer/single-instance",
      title: "One instance carries everything",
      severity: "note",
      advice:
        "Once nothing is left in the memory and on the disk of a process, run two, with a health check before each.",
    },
  ],
  services: ["redis"],
  presence,
  detect,
  whenQuiet,
  recipe,
  experiments,
});
