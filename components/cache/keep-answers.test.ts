/** When an answer is kept and when it is left alone, one obstacle at a time. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { stepOf } from "../plan.ts";
import { cache } from "./index.ts";

interface Changed {
  /** Statements before the reads. */
  head?: string;
  /** The read of the notes. */
  read?: string;
  answer?: string;
  /** What stands beside the route. */
  beside?: string;
  files?: Record<string, string>;
}

function appWith({ head = "", read, answer, beside = "", files = {} }: Changed): Record<string, string> {
  return {
    "package.json": JSON.stringify({
      name: "board",
      type: "module",
      scripts: { start: "node app.js" },
      dependencies: { express: "^5.1.0", mongoose: "^8.19.0" },
    }),
    "app.js": `
import express from "express";
import mongoose from "mongoose";

const model = (name) => mongoose.model(name, new mongoose.Schema({ text: String, at: Date }));
const Note = mongoose.model("Note", new mongoose.Schema({ text: String }));
const Offer = mongoose.model("Offer", new mongoose.Schema({ text: String }));
const Town = mongoose.model("Town", new mongoose.Schema({ text: String }));
const app = express();
app.use(express.json());
app.get("/board", async (req, res) => {
  ${head}
  const notes = await ${read ?? "Note.find().limit(9)"};
  const offers = await Offer.find().limit(9);
  const towns = await Town.find().limit(9);
  ${answer ?? "res.json({ notes, offers, towns });"}
});
app.post("/notes", async (req, res) => {
  const note = await Note.create({ text: req.body.text });
  res.status(201).json(note);
});
${beside}
app.listen(3000);
`,
    ...files,
  };
}

async function outcomeOf(changed: Changed): Promise<string> {
  const model = await analyze(memoryRepo(appWith(changed)), { cacheFolder: null });
  const { step } = stepOf(cache, "", model);
  expect(step.findings.map(({ rule }) => rule)).toEqual(["cache/hot-read-uncached"]);
  return step.outcome.kind === "patch" ? step.outcome.patch.diff : step.briefs.map(({ why }) => why).join("\n");
}

it("keeps what is the same for everybody, under all that it takes from the address", async () => {
  const diff = await outcomeOf({
    head: "const page = Number(req.query.page) || 1;",
    read: "Note.find().skip(page * 9).limit(9)",
  });
  expect(diff).toContain("`GET /board ${JSON.stringify([page])}`");
  expect(diff).toContain('await forget("Note");');
});

it("makes what is worked on for the answer before it is kept", async () => {
  const diff = await outcomeOf({ answer: "res.json({ notes: notes.map((note) => note.text), offers, towns });" });
  expect(diff).toContain("return { notes: notes.map((note) => note.text), offers, towns };");
  expect(diff).toContain("res.json(answer);");
});

it.each<[string, Changed, RegExp]>([
  [
    "an object from nowhere is saved",
    { beside: "export async function mend(thing) {\n  thing.text = 'x';\n  await thing.save();\n}" },
    /what is written at app\.js:\d+ is not clear/,
  ],
  [
    "a write runs in a transaction",
    {
      beside:
        'app.put("/notes/:id", async (req, res) => {\n  const session = await mongoose.startSession();\n  await session.withTransaction(async () => {\n    await Note.updateOne({ _id: req.params.id }, req.body, { session });\n  });\n  res.sendStatus(204);\n});',
    },
    /written in a transaction/,
  ],
  [
    "nobody waits for a write",
    {
      beside:
        'app.delete("/notes/:id", (req, res) => {\n  Note.deleteOne({ _id: req.params.id });\n  res.sendStatus(204);\n});',
    },
    /nobody can wait for the write/,
  ],
  [
    "each visitor is meant to get another",
    { head: "", answer: "res.json({ notes, offers, towns, lucky: notes[Math.floor(Math.random() * notes.length)] });" },
    /another choice/,
  ],
  [
    "the visitor's own part stands in the answer",
    { answer: "res.json({ notes: notes.map((note) => note.text), offers, towns, agent: req.get('user-agent') });" },
    /reads the request in between/,
  ],
  [
    "it is asked by something that no key can hold",
    { head: "const filter = buildFilter(req.query.page);", read: "Note.find(filter).limit(9)" },
    /cannot be written into a key/,
  ],
  ["the choice is random", { read: "Note.aggregate([{ $sample: { size: 3 } }])" }, /another choice/],
  [
    "it answers on the way",
    { read: "Note.find().limit(9);\n  if (notes.length === 0) return res.status(404).json({})" },
    /may answer before its end/,
  ],
  [
    "several copies run and share nothing",
    {
      files: {
        "compose.yaml": "services:\n  app:\n    build: .\n    deploy:\n      replicas: 3\n",
        Dockerfile: "FROM node:24\nCMD node app.js\n",
      },
    },
    /several copies of the app run/,
  ],
  ["the host runs functions", { files: { "vercel.json": "{}" } }, /the host runs functions/],
])("leaves it alone where %s", async (_, changed, why) => {
  const outcome = await outcomeOf(changed);
  expect(outcome).toMatch(why);
  expect(outcome).not.toContain("await cached(");
});
