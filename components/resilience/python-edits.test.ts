/** How a time limit is written into a call of Python's, and where it is left to somebody else. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { stepOf } from "../plan.ts";
import { resilience } from "./index.ts";

it.each<[string, string, string | null]>([
  ["one argument", "requests.get(url)", "requests.get(url, timeout=10)"],
  ["a comma at the end", "requests.get(url,)", "requests.get(url, timeout=10)"],
  [
    "an argument a line",
    "requests.post(\n        url,\n        json={},\n    )",
    "requests.post(\n        url,\n        json={},\n        timeout=10,\n    )",
  ],
  [
    "an argument a line without a comma at the end",
    "requests.post(\n        url,\n        json={}\n    )",
    "requests.post(\n        url,\n        json={},\n        timeout=10\n    )",
  ],
  [
    "arguments that hang",
    "requests.post(url,\n                  json={})",
    "requests.post(url,\n                  json={}, timeout=10)",
  ],
  ["a model that takes its time", 'requests.post(url, json={"prompt": "a"})', null],
  ["a comment behind the last one", "requests.post(\n        url,\n        json={},  # nothing\n    )", null],
])("%s", async (_name, call, expected) => {
  const file = (text: string): string =>
    `import requests\nfrom fastapi import FastAPI\n\napp = FastAPI()\nurl = "https://rates.example.com"\n\n\n@app.get("/rates")\ndef rates():\n    return ${text}.json()\n`;
  const files = { "requirements.txt": "fastapi==0.121.0\nrequests==2.32.5\n", "main.py": file(call) };
  const { step } = stepOf(resilience, "", await analyze(memoryRepo(files), { cacheFolder: null }));
  const patch = step.outcome.kind === "patch" ? step.outcome.patch : null;
  expect(patch?.files[0]?.after ?? null).toBe(expected === null ? null : file(expected));
});
