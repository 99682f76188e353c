/** The half of an app that is not Python, for components and rules that have not been judged on Python yet. */
import type { Model } from "../analyzers/model.ts";
import { isPython } from "../analyzers/repo/source-file.ts";

const halves = new WeakMap<Model, Model | null>();

/** The model as if nobody had read the Python in it; null where every service is Python, so that nothing is left to judge. */
export function withoutPython(model: Model): Model | null {
  const known = halves.get(model);
  if (known !== undefined) return known;
  const half = halfOf(model);
  halves.set(model, half);
  return half;
}

/** What rules say that only know TypeScript and JavaScript. */
export function besidePython<T>(model: Model, rules: (half: Model) => T[]): T[] {
  const half = withoutPython(model);
  return half === null ? [] : rules(half);
}

export function hasPythonService({ services }: Pick<Model, "services">): boolean {
  return services.some(({ language }) => language === "python");
}

function halfOf(model: Model): Model | null {
  if (!model.repo.files.some(isPython)) return model;
  const services = model.services.filter(({ language }) => language !== "python");
  if (services.length === 0 && model.services.length > 0) return null;
  const isKept = ({ file }: { file: string }): boolean => !isPython(file);
  const uses = model.uses.filter(({ call }) => isKept(call));
  return {
    ...model,
    repo: hasPythonService(model)
      ? { ...model.repo, files: model.repo.files.filter((file) => !isPython(file)) }
      : model.repo,
    services,
    routes: model.routes.filter(isKept),
    entries: model.entries.filter(isKept),
    uses,
    service: (file) => {
      const service = model.service(file);
      return service?.language === "python" ? null : service;
    },
    summary: (file) => (isPython(file) ? null : model.summary(file)),
    functions: (file) => (isPython(file) ? [] : model.functions(file)),
    usesOf: (pattern) => model.usesOf(pattern).filter(({ call }) => isKept(call)),
    usesOfKind: (...kinds) => model.usesOfKind(...kinds).filter(({ call }) => isKept(call)),
  };
}
