/** How a service leaves: whether it hears the signal to stop, and whether it goes on serving for a moment before it closes. */
import type { Model, Service } from "../analyzers/model.ts";
import { presence } from "./shutdown/detect.ts";

/** `waits`: requests are still taken for a moment after the signal. `at-once`: it closes right then. Null: it does not hear it. */
export function stoppingOf(model: Model, service: Service): "waits" | "at-once" | null {
  const heard = presence(model).evidence.filter(({ file }) => model.service(file)?.root === service.root);
  if (heard.length === 0) return null;
  const texts = heard.map(({ file }) => model.repo.read(file) ?? "");
  const around = model.repo.files.filter(
    (file) => model.service(file)?.root === service.root && isDelayed(file, model),
  );
  return texts.some((text) => delays.test(text)) || around.length > 0 ? "waits" : "at-once";
}

/** Words of the delay before a server closes, our own module's among them. */
const delays = /SHUTDOWN_DELAY|beforeShutdown|shutdownDelay|gracefulShutdownTimeout/i;

function isDelayed(file: string, model: Model): boolean {
  return /(^|\/)(graceful-?)?shutdown\.[cm]?[jt]s$/i.test(file) && delays.test(model.repo.read(file) ?? "");
}
