/** The process around the proxy: takes its upstreams over the channel from the lab, and ends with the lab. */
import { z } from "zod";
import { Proxy } from "./proxy.ts";

const Order = z.object({
  turn: z.number(),
  upstreams: z.array(z.object({ host: z.enum(["127.0.0.1", "::1"]), port: z.number() })),
});

const proxy = new Proxy();
const port = Number(process.argv[2]);

process.on("message", (message) => {
  const order = Order.safeParse(message).data;
  if (order === undefined) return;
  proxy.set(order.upstreams);
  process.send?.({ turn: order.turn });
});
process.once("disconnect", () => process.exit(0));
proxy.server.listen(port, "127.0.0.1", () => process.send?.({ turn: 0 }));
