/** A look whether there is enough, and the taking behind it, where MongoDB keeps both together. */
import { describe, expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { takenAfterCheck } from "./check-then-take.ts";

describe("a check before MongoDB takes", () => {
  const take = (options: string): string => `import express from "express";
import mongoose from "mongoose";
const Room = mongoose.model("Room", new mongoose.Schema({ bedsLeft: Number, seatsLeft: Number }));
const app = express();
app.post("/rooms/:id", async (req, res) => {
  const session = await mongoose.startSession();
  const room = await Room.findById(req.params.id);
  if (room.seatsLeft < req.body.seats) return res.sendStatus(409);
  await Room.updateOne({ _id: room._id }, { $inc: { seatsLeft: -req.body.seats } }${options});
  res.sendStatus(204);
});
app.listen(3000);
`;

  it.each([
    ["outside of a transaction", take("").replace("  const session = await mongoose.startSession();\n", ""), 1],
    ["within one", take(", { session }"), 0],
  ])("%s", async (_, server, count) => {
    const manifest = JSON.stringify({
      name: "inn",
      type: "module",
      scripts: { start: "node server.js" },
      dependencies: { express: "^5", mongoose: "^8" },
    });
    const model = await analyze(memoryRepo({ "package.json": manifest, "server.js": server }), { cacheFolder: null });
    expect(takenAfterCheck(model)).toHaveLength(count);
  });
});

describe("a check before a function of its own takes", () => {
  const move = (checked: string, given: string): string => `import express from "express";
import { PrismaClient } from "@prisma/client";
const prisma = new PrismaClient();
const app = express();
async function move(id, sum) {
  await prisma.purse.update({ where: { id }, data: { balance: { increment: sum } } });
}
app.post("/moves", async (req, res) => {
  const [from, to] = await Promise.all([
    prisma.purse.findUnique({ where: { id: req.body.from } }),
    prisma.purse.findUnique({ where: { id: req.body.to } }),
  ]);
  if (${checked}) return res.sendStatus(409);
  await move(from.id, ${given});
  res.sendStatus(204);
});
app.listen(3000);
`;

  it.each([
    ["less than nothing", move("from.balance < req.body.sum", "-req.body.sum"), 1],
    ["without a look at the number", move("from.isClosed", "-req.body.sum"), 0],
    ["more", move("from.balance < req.body.sum", "req.body.sum"), 0],
  ])("given %s", async (_, server, count) => {
    const manifest = JSON.stringify({
      name: "purses",
      type: "module",
      scripts: { start: "node server.js" },
      dependencies: { express: "^5", "@prisma/client": "^6" },
    });
    const model = await analyze(memoryRepo({ "package.json": manifest, "server.js": server }), { cacheFolder: null });
    expect(takenAfterCheck(model)).toHaveLength(count);
  });
});
