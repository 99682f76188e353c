import { describe, expect, it } from "vitest";
import { extract } from "../../extract/extract.ts";
import { modelOf } from "../../model-of.ts";
import type { Model } from "../../model.ts";
import { memoryRepo } from "../../repo/memory.ts";
import { isSource } from "../../repo/source-file.ts";
import { pythonLaunches } from "./commands.ts";
import { installedIn } from "./requirements.ts";

function model(files: Record<string, string>): Model {
  const repo = memoryRepo(files);
  const summaries = new Map(repo.files.filter(isSource).map((file) => [file, extract(file, repo.read(file) ?? "")]));
  return modelOf(repo, summaries, {});
}

const APP = "from fastapi import FastAPI\napp = FastAPI()\n";

describe("commands", () => {
  it.each<[string, unknown[]]>([
    ["uvicorn app.main:app --host 0.0.0.0 --port 8000", [{ kind: "web", module: "app.main", port: 8000 }]],
    [
      "poetry run gunicorn -w 4 -k uvicorn.workers.UvicornWorker -b :5000 wsgi:app",
      [{ kind: "web", module: "wsgi", port: 5000 }],
    ],
    [
      "sh -c 'alembic upgrade head && exec uvicorn main:app --port ${PORT:-8080}'",
      [{ kind: "web", module: "main", port: 8080 }],
    ],
    ["flask --app shop:create_app run --port=5001", [{ kind: "web", module: "shop", port: 5001 }]],
    ["python manage.py runserver 0.0.0.0:8000", [{ kind: "django", verb: "runserver", port: 8000 }]],
    ["python -u bot.py", [{ kind: "file", file: "bot.py" }]],
    ["celery -A proj.celery worker -l info", [{ kind: "worker", module: "proj.celery" }]],
    ["arq app.jobs.Settings", [{ kind: "worker", module: "app.jobs.Settings" }]],
    ["nginx -g 'daemon off;'", []],
    ["npm start", []],
  ])("%s", (command, expected) => {
    expect(pythonLaunches(command)).toEqual(expected);
  });
});

describe("what is installed", () => {
  it.each<[string, Record<string, string>, Record<string, string>, string | null]>([
    [
      "pinned requirements",
      { "requirements.txt": "# web\nfastapi==0.118.0\nuvicorn[standard]==0.37.0  # server\n-r more.txt\n" },
      { fastapi: "==0.118.0", uvicorn: "==0.37.0" },
      "requirements.txt",
    ],
    ["open requirements", { "requirements.txt": "Flask>=3\nopenai\n" }, { flask: ">=3", openai: "*" }, null],
    [
      "a project with uv",
      {
        "pyproject.toml": '[project]\nname = "a"\ndependencies = [\n  "httpx>=0.28",\n  "django-environ",\n]\n',
        "uv.lock": "",
      },
      { httpx: ">=0.28", "django-environ": "*" },
      "uv.lock",
    ],
    [
      "Poetry",
      {
        "pyproject.toml":
          '[tool.poetry.dependencies]\npython = "^3.12"\nflask = "^3.1"\ncelery = { version = "^5.5", extras = ["redis"] }\n\n[tool.poetry.group.dev.dependencies]\npytest = "^8"\n',
        "poetry.lock": "",
      },
      { flask: "^3.1", celery: "^5.5" },
      "poetry.lock",
    ],
    [
      "Pipenv",
      { Pipfile: '[packages]\nflask = "*"\n\n[dev-packages]\npytest = "*"\n', "Pipfile.lock": "{}" },
      { flask: "*" },
      "Pipfile.lock",
    ],
  ])("by %s", (_, files, dependencies, lockfile) => {
    expect(installedIn(memoryRepo(files), ".")).toMatchObject({ dependencies, lockfile });
  });
});

describe("services", () => {
  it("are a front end and a back end, each with its own", () => {
    const app = model({
      "frontend/package.json":
        '{"name":"web","scripts":{"build":"vite build","dev":"vite"},"dependencies":{"react":"19"}}',
      "frontend/package-lock.json": "{}",
      "frontend/src/main.jsx": "import { createRoot } from 'react-dom/client';",
      "backend/requirements.txt": "fastapi==0.118.0\npsycopg2-binary==2.9.10\n",
      "backend/Dockerfile": 'FROM python:3.13\nEXPOSE 8000\nCMD ["uvicorn", "app.main:app", "--host", "0.0.0.0"]\n',
      "backend/app/main.py": `import os\n${APP}key = os.environ["KEY"]\n`,
      "backend/tests/test_main.py": "from app.main import app\n",
    });

    expect(
      app.services.map(({ name, language, entry, lockfile, port }) => [
        name,
        language,
        entry.join(),
        lockfile,
        port.value,
      ]),
    ).toEqual([
      ["web", "javascript", "", "frontend/package-lock.json", null],
      ["backend", "python", "backend/app/main.py", "backend/requirements.txt", 8000],
    ]);
    expect(app.services[1]?.start).toBe("uvicorn app.main:app --host 0.0.0.0");
    expect(app.services[1]?.env.map(({ name }) => name)).toEqual(["KEY"]);
    expect(app.services[1]?.backing.map(({ kind }) => kind)).toEqual(["postgres"]);
    expect(app.service("backend/app/main.py")?.name).toBe("backend");
    expect(
      ["backend/app/main.py", "backend/tests/test_main.py", "frontend/src/main.jsx"].map((file) => app.context(file)),
    ).toEqual(["server", "test", "browser"]);
  });

  it("may share a folder", () => {
    const app = model({
      "package.json": '{"name":"shop","scripts":{"dev":"vite"},"dependencies":{"react":"19"}}',
      "src/main.jsx": "import { createRoot } from 'react-dom/client';",
      "requirements.txt": "flask\n",
      "app.py": "from flask import Flask\napp = Flask(__name__)\n",
    });

    expect(app.services.map(({ name, root, language }) => `${name} ${root} ${language}`)).toEqual([
      "shop . javascript",
      "memory . python",
    ]);
    expect(app.service("app.py")?.language).toBe("python");
    expect(app.service("src/main.jsx")?.language).toBe("javascript");
  });

  it("have workers beside them, whose tasks the web process only enqueues", () => {
    const app = model({
      "requirements.txt": "fastapi\ncelery\n",
      Procfile: "web: uvicorn main:app\nworker: celery -A jobs worker\n",
      "main.py": `${APP}from jobs import send\n@app.post("/a")\ndef a(): send.delay(1)\n@app.post("/b")\ndef b(): send(1)\n`,
      "jobs.py":
        "import smtplib\nfrom celery import Celery\ncelery = Celery()\n@celery.task(bind=True)\ndef send(self, to):\n  smtplib.SMTP('x').sendmail(to)\n",
    });
    const [mail] = app.usesOfKind("mail");

    expect(app.services[0]?.processes.map(({ name, entry }) => `${name} ${entry?.join()}`)).toEqual(["worker jobs.py"]);
    expect(app.usesOfKind("queue").map(({ api }) => api)).toEqual(["pypi:celery:Celery().task()().delay"]);
    expect(
      mail === undefined
        ? []
        : app
            .reach(mail.call)
            .map(({ entry }) => entry.label)
            .toSorted(),
    ).toEqual(["POST /b", "job"]);
  });

  it("are none where nothing serves", () => {
    const app = model({
      "package.json": '{"name":"web","scripts":{"start":"node server.js"}}',
      "server.js": "require('http').createServer().listen(1)",
      "tools/clean.py": "import requests\nrequests.get('https://a.test')\n",
    });

    expect(app.services.map(({ language }) => language)).toEqual(["javascript"]);
    expect(app.context("tools/clean.py")).toBe("script");
  });

  it("are known by their Django settings, whatever loads what", () => {
    const app = model({
      "requirements.txt": "django\n",
      "manage.py": "import django\n",
      "site1/wsgi.py": "from django.core.wsgi import get_wsgi_application\n",
      "shop/models.py": "from django.db import models\n",
      "shop/migrations/0001_initial.py": "from django.db import migrations\n",
      "shop/management/commands/tidy.py": "from django.core.management import BaseCommand\n",
      "shop/tests.py": "from django.test import TestCase\n",
    });

    expect(app.services.map(({ entry, start }) => [entry.join(), start])).toEqual([
      ["site1/wsgi.py", "gunicorn site1.wsgi"],
    ]);
    expect(
      [
        "shop/models.py",
        "shop/migrations/0001_initial.py",
        "shop/management/commands/tidy.py",
        "shop/tests.py",
        "manage.py",
      ].map((file) => app.context(file)),
    ).toEqual(["server", "script", "script", "test", "script"]);
  });
});

describe("a Django project", () => {
  it("is one by its server file, too, where manage.py is left out of the repo", () => {
    const found = model({
      "requirements.txt": "django==5.2\n",
      "config/settings.py": "ROOT_URLCONF = 'config.urls'\nINSTALLED_APPS = []\n",
      "config/urls.py": "from django.urls import path\nfrom shop.views import home\nurlpatterns = [path('', home)]\n",
      "config/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
      "shop/views.py": "from django.http import HttpResponse\ndef home(request): return HttpResponse('a')\n",
    });

    expect(found.services.map(({ language, entry }) => [language, entry])).toEqual([["python", ["config/wsgi.py"]]]);
    expect(found.routes.map(({ path }) => path)).toEqual(["/"]);
  });

  it("is installed by setup.py, where nothing else says so", () => {
    const found = model({
      "setup.py": "from setuptools import setup\nsetup(name='a', install_requires=['Flask>=2.0', 'requests'])\n",
      "a/__init__.py": "from flask import Flask\napp = Flask(__name__)\n",
    });

    expect(found.services.map(({ dependencies }) => dependencies)).toEqual([{ flask: ">=2.0", requests: "*" }]);
  });
});
