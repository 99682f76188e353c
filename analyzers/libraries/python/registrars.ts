/** Python packages that keep a function and run it later as an entry of its own, and objects on which functions are registered. */
import type { Registrar } from "../registrars.ts";

const job = (api: string): Registrar => ({ api, kind: "worker-job", label: "job", name: null });
const cron = (api: string): Registrar => ({ api, kind: "schedule", label: "schedule", name: null });
const event = (api: string): Registrar => ({ api, kind: "event", label: "event", name: null });

/** Decorators appear as calls of what they give: `@app.task(bind=True)` is a call of `app.task()`. */
export const pythonRegistrars: readonly Registrar[] = [
  job("pypi:celery:Celery().task"),
  job("pypi:celery:Celery().task()"),
  job("pypi:celery:shared_task"),
  job("pypi:celery:shared_task()"),
  job("pypi:celery:**.task"),
  job("pypi:celery:**.task()"),
  job("pypi:dramatiq:actor"),
  job("pypi:dramatiq:actor()"),
  job("pypi:rq:decorators.job()"),
  job("pypi:django_rq:job"),
  job("pypi:django_rq:job()"),
  job("pypi:huey:**.task()"),
  job("pypi:taskiq:**.task"),
  job("pypi:procrastinate:**.task()"),
  cron("pypi:huey:**.periodic_task()"),
  cron("pypi:apscheduler:**.add_job"),
  cron("pypi:apscheduler:**.scheduled_job()"),
  cron("pypi:flask_apscheduler:**.task()"),
  cron("pypi:fastapi_utils:tasks.repeat_every()"),
  cron("pypi:schedule:**.do"),
  event("pypi:django:dispatch.receiver()"),
  { api: "pypi:fastapi:FastAPI().websocket()", kind: "socket", label: "socket", name: null },
  { api: "pypi:fastapi:APIRouter().websocket()", kind: "socket", label: "socket", name: null },
  { api: "pypi:flask_socketio:SocketIO().on()", kind: "socket", label: "socket", name: null },
  { api: "pypi:fastapi:FastAPI().on_event()", kind: "process", label: "startup", name: null },
];

/** Calls that take functions without running them now, or run them where nobody can say whether somebody waits. */
export const pythonRouting: readonly string[] = [
  "pypi:fastapi:FastAPI().**",
  "pypi:fastapi:APIRouter().**",
  "pypi:fastapi:Depends",
  "pypi:flask:Flask().**",
  "pypi:flask:Blueprint().**",
  "pypi:django:urls.**",
  "pypi:functools:wraps",
  "pypi:functools:update_wrapper",
  "pypi:concurrent:futures.**",
  "pypi:threading:**",
  "pypi:multiprocessing:**",
  "pypi:rest_framework:**",
];
