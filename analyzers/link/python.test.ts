import { describe, expect, it } from "vitest";
import { memoryRepo } from "../repo/memory.ts";
import { createModules } from "./modules.ts";
import { modelFrom, waysTo } from "./testing/model-from.ts";

const APP =
  "from fastapi import BackgroundTasks, Depends, FastAPI\nfrom typing import Annotated\nimport stripe\napp = FastAPI()\n";

describe("Python's modules", () => {
  it.each<[string, string[], string, string, string]>([
    ["a sibling", ["a/b.py", "a/c.py"], "a/b.py", ".c", "a/c.py"],
    ["the own package", ["a/__init__.py", "a/b.py"], "a/b.py", ".", "a/__init__.py"],
    ["a module of the folder above", ["a/b/c.py", "a/d.py"], "a/b/c.py", "..d", "a/d.py"],
    ["from the root", ["app/main.py", "app/db.py"], "app/main.py", "app.db", "app/db.py"],
    ["a package with and one without __init__", ["a/__init__.py", "a/b/c.py", "x.py"], "x.py", "a.b.c", "a/b/c.py"],
    [
      "from the folder of a service",
      ["api/app/main.py", "api/app/db.py"],
      "api/app/main.py",
      "app.db",
      "api/app/db.py",
    ],
    ["from a src folder", ["src/app/main.py", "src/app/db.py", "tests/x.py"], "tests/x.py", "app.db", "src/app/db.py"],
    ["a package", ["app.py"], "app.py", "django.core.mail", "pypi:django"],
    ["a package that a folder around the file is called like", ["flask/app.py"], "flask/app.py", "flask", "pypi:flask"],
    [
      "a package that a module of a package is called like",
      ["a/__init__.py", "a/redis.py"],
      "a/redis.py",
      "redis",
      "pypi:redis",
    ],
    ["a module that is not there", ["app/main.py", "app/__init__.py"], "app/main.py", "app.gone", "missing"],
  ])("resolve %s", (_, files, from, specifier, expected) => {
    const found = createModules(memoryRepo(Object.fromEntries(files.map((file) => [file, ""])))).resolve(
      from,
      specifier,
    );

    expect(found.kind === "file" ? found.file : found.kind === "package" ? found.name : found.kind).toBe(expected);
  });
});

describe("Python's calls", () => {
  it.each<[string, string, string[]]>([
    [
      "through keyword arguments",
      `${APP}def pay(amount, client): client.Charge.create(amount=amount)\n@app.post("/pay")\ndef route(): pay(client=stripe, amount=1)\n`,
      ["POST /pay: route > pay > stripe:Charge.create"],
    ],
    [
      "through a dependency",
      `${APP}def get_client(): yield stripe\n@app.post("/pay")\ndef route(client=Depends(get_client)): client.Charge.create()\n`,
      ["POST /pay: route > stripe:Charge.create"],
    ],
    [
      "through an annotated dependency under a name",
      `${APP}def get_client(): return stripe\nClient = Annotated[object, Depends(get_client)]\n@app.post("/pay")\ndef route(client: Client): client.Charge.create()\n`,
      ["POST /pay: route > stripe:Charge.create"],
    ],
    [
      "through classes and what they extend",
      `${APP}class Base:\n  def __init__(self, client): self.client = client\nclass Payer(Base):\n  def __init__(self): super().__init__(stripe)\n  def pay(self): self.client.Charge.create()\n@app.post("/pay")\ndef route(): Payer().pay()\n`,
      ["POST /pay: route > Payer.pay > stripe:Charge.create"],
    ],
    [
      "through a decorator, for the function it stands on alone",
      `${APP}from functools import wraps\ndef logged(f):\n  @wraps(f)\n  def inner(*args, **kwargs): return f(*args, **kwargs)\n  return inner\n@logged\ndef pay(): stripe.Charge.create()\n@logged\ndef other(): pass\n@app.post("/pay")\ndef route(): pay()\n@app.post("/other")\ndef second(): other()\n`,
      ["POST /pay: route > pay > stripe:Charge.create"],
    ],
    [
      "behind the answer",
      `${APP}def pay(): stripe.Charge.create()\n@app.post("/pay")\ndef route(tasks: BackgroundTasks): tasks.add_task(pay)\n`,
      ["detached POST /pay: route > pay > stripe:Charge.create"],
    ],
    [
      "let go",
      `${APP}import asyncio\nasync def pay(): stripe.Charge.create()\n@app.post("/pay")\nasync def route(): asyncio.create_task(pay())\n`,
      ["detached POST /pay: route > pay > stripe:Charge.create"],
    ],
  ])("are followed %s", (_, text, ways) => {
    const model = modelFrom({ "package.json": "{}", "requirements.txt": "fastapi\n", "main.py": text });

    expect(waysTo(model, "pypi:stripe:Charge.create").filter((way) => way.includes("POST"))).toEqual(ways);
  });
});
