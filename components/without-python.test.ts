/** What a reader of a Python app is told: by rules that know Python, in words of Python; what does not know it says so. */
import { describe, expect, it } from "vitest";
import { analyze } from "../analyzers/index.ts";
import type { Model } from "../analyzers/model.ts";
import { memoryRepo } from "../analyzers/repo/memory.ts";
import { statuses } from "./assess.ts";
import { judge } from "./findings.ts";
import { stepOf } from "./plan.ts";
import { components } from "./registry.ts";
import { withoutPython } from "./without-python.ts";

const python = {
  "api/requirements.txt": "fastapi==0.121.0\nrequests==2.32.5\nsqlalchemy==2.0.44\nboto3==1.40.0\n",
  "api/main.py": `
import json
import os
import smtplib

import requests
from fastapi import FastAPI, UploadFile

app = FastAPI()
SECRET_KEY = "3f7a9b1c5d8e2f4a6b0c9d8e7f6a5b4c"
seen = {}


@app.get("/rates")
def rates(currency: str):
    seen[currency] = requests.get("https://rates.example.com/latest").json()
    return seen[currency]


@app.post("/files")
async def keep(file: UploadFile):
    with open(f"uploads/{file.filename}", "wb") as out:
        out.write(await file.read())
    try:
        requests.post(os.environ["HOOK_URL"], data=json.dumps({"name": file.filename}))
    except Exception:
        pass


@app.post("/login")
def login(email: str, password: str):
    smtplib.SMTP("mail.example.com").sendmail("a@example.com", email, "Somebody logged in")
`,
  "api/Dockerfile": 'FROM python:3.14\nCOPY . .\nCMD ["uvicorn", "main:app"]\n',
};
const server = {
  "web/package.json": JSON.stringify({
    name: "web",
    scripts: { start: "node server.js" },
    dependencies: { express: "^5.1.0" },
  }),
  "web/server.js": `
const express = require("express");
const app = express();
app.get("/rates", async (req, res) => {
  const answer = await fetch("https://rates.example.com/latest");
  res.json(await answer.json());
});
app.listen(process.env.PORT);
`,
};

async function modelOf(files: Record<string, string>): Promise<Model> {
  return analyze(memoryRepo(files), { cacheFolder: null });
}

const unknowing = components.filter(({ judgesPython }) => judgesPython === undefined).map(({ id }) => id);

describe("an app of Python alone", () => {
  it("is judged by the rules that know it, and only time limits are written into it", async () => {
    const { findings, hidden, problems } = judge(await modelOf(python));

    expect(problems).toEqual([]);
    expect(findings.map(({ rule }) => rule)).toContain("resilience/external-http-no-timeout");
    const patched = [...findings, ...hidden].filter(({ fix }) => fix === "patch").map(({ rule }) => rule);
    expect([...new Set(patched)].toSorted()).toEqual([
      "resilience/external-http-no-timeout",
      "resilience/smtp-no-timeout",
    ]);
    expect([...findings, ...hidden].filter(({ component }) => unknowing.includes(component))).toEqual([]);
  });

  it("hears from all others that they cannot say", async () => {
    const model = await modelOf(python);

    const others = statuses(model, judge(model)).filter(({ component }) => unknowing.includes(component));

    expect(others.map(({ verdict }) => verdict)).toEqual(unknowing.map(() => "unknown"));
    expect(others.every(({ reason }) => reason.includes("not judged"))).toBe(true);
  });

  it("reads nothing of Node", async () => {
    const model = await modelOf(python);
    const judgement = judge(model);
    const steps = components.map((component) => stepOf(component, "", model).step);

    const told = JSON.stringify([judgement, statuses(model, judgement), steps]);

    expect(told.match(/\bnpm\b|package\.json|Express|\bNode\b|node_modules/g)).toBeNull();
  });
});

describe("an app of both", () => {
  it("has its JavaScript judged as ever, by what is found there", async () => {
    const alone = judge(await modelOf(server)).findings.map(({ rule, file }) => `${rule} ${file}`);
    const beside = judge(await modelOf({ ...server, ...python })).findings.map(({ rule, file }) => `${rule} ${file}`);

    const own = alone.filter((each) => !each.startsWith("ci-cd/"));
    expect(own).toContain("resilience/external-http-no-timeout web/server.js");
    expect(beside).toEqual(expect.arrayContaining(own));
  });

  it("hears of what was not judged, and of what was", async () => {
    const model = await modelOf({ ...server, ...python });

    const pubSub = statuses(model, judge(model)).find(({ component }) => component === "pub-sub");

    expect(pubSub).toMatchObject({ verdict: "unknown" });
    expect(pubSub?.reason).toMatch(/not judged for this yet\. Beside them: \S/);
  });
});

describe("the half without Python", () => {
  it("is the whole where there is none", async () => {
    const model = await modelOf(server);

    expect(withoutPython(model)).toBe(model);
  });

  it("has none of its services, routes, uses and files", async () => {
    const half = withoutPython(await modelOf({ ...server, ...python }));

    expect(half?.services.map(({ name }) => name)).toEqual(["web"]);
    expect(half?.routes.map(({ file }) => file)).toEqual(["web/server.js"]);
    expect(half?.uses.filter(({ call }) => call.file.endsWith(".py"))).toEqual([]);
    expect(half?.usesOf("pypi:requests:get")).toEqual([]);
    expect(half?.service("api/main.py")).toBeNull();
    expect(half?.repo.files).not.toContain("api/main.py");
  });
});
