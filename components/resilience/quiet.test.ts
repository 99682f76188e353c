/** What resilience says where it found nothing: never more than what could be read. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { statuses } from "../assess.ts";
import { judge } from "../findings.ts";
import { resilience } from "./index.ts";

const manifest = JSON.stringify({
  name: "app",
  type: "module",
  scripts: { start: "node server.js" },
  dependencies: { express: "^4", axios: "^1", inversify: "^6", ky: "^1", resend: "^4" },
});

const head = 'import express from "express";\nconst app = express();\n';

it.each<[string, string, string, RegExp]>([
  [
    "routes that cannot be read",
    `import { container } from "./container.js";\n${head}app.use(container.get("x").getRouter());\napp.listen(3000);`,
    "unknown",
    /server\.js:3.*could not be read/,
  ],
  [
    "a call that is reached in a way that cannot be read",
    `import * as providers from "./providers.js";\n${head}app.get("/", (_req, res) => res.send("ok"));\napp.listen(3000);\nexport const login = (name) => providers[name]();`,
    "unknown",
    /axios:get, providers\.js:2/,
  ],
  [
    "a mail service whose limit cannot be set",
    `import { Resend } from "resend";\n${head}const resend = new Resend("k");\napp.post("/", async (req, res) => { await resend.emails.send({ to: req.body.to }); res.send("ok"); });\napp.listen(3000);`,
    "unknown",
    /resend:Resend\(\)\.emails\.send, server\.js:5/,
  ],
  [
    "a client that gives up by itself",
    `import ky from "ky";\n${head}app.get("/", async (_req, res) => res.json(await ky.get("https://a.example").json()));\napp.listen(3000);`,
    "not_yet",
    /was seen/,
  ],
  [
    "a call at the start, which no request waits for",
    `${head}app.get("/", (_req, res) => res.send("ok"));\napp.listen(3000);\nawait fetch("https://a.example/settings");`,
    "not_yet",
    /was seen/,
  ],
  ["no server", `console.log("done");`, "not_applicable", /Nothing here answers/],
])("%s", async (_, server, verdict, reason) => {
  const model = await analyze(
    memoryRepo({
      "package.json": manifest,
      "server.js": server,
      "container.js": 'import { Container } from "inversify";\nexport const container = new Container();',
      "providers.js":
        'import axios from "axios";\nexport const one = async () => (await axios.get("https://one.example/me")).data;',
    }),
    { cacheFolder: null },
  );
  const [status] = statuses(model, judge(model, [resilience]), [resilience]);
  expect({ verdict: status?.verdict, reason: status?.reason }).toEqual({
    verdict,
    reason: expect.stringMatching(reason),
  });
});
