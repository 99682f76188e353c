/** A Nest app as its start file puts it together: the call that creates it, its root module, the filters that take every error. */
import type { CallSite, Model, Service } from "../model.ts";

export interface NestApp {
  /** `NestFactory.create(AppModule)`. */
  creation: CallSite;
  /** The decorator of the module that the app is created from. */
  module: CallSite;
  /** The decorators of filters that take every error; what they answer, no other filter sees. */
  catchAll: readonly CallSite[];
}

/** Null when the app is not created from one module of its own. */
export function nestApp(model: Model, service: Service): NestApp | null {
  const isOwn = ({ file }: CallSite): boolean => model.service(file) === service && model.context(file) === "server";
  const roots = model.usesOf("@nestjs/core:NestFactory.create").flatMap(({ call }) => {
    const [module] = call.args;
    return isOwn(call) && call.file === service.entry[0] && module?.kind === "class"
      ? [{ file: module.file, name: module.name, creation: call }]
      : [];
  });
  const [root, ...others] = new Map(roots.map((each) => [`${each.file} ${each.name}`, each])).values();
  if (root === undefined || others.length > 0) return null;
  const [module, ...more] = model
    .usesOf("@nestjs/common:Module")
    .flatMap(({ call }) => (call.file === root.file ? [call] : []));
  if (module === undefined || more.length > 0) return null;
  const catchAll = model
    .usesOf("@nestjs/common:Catch")
    .flatMap(({ call }) => (isOwn(call) && call.args.length === 0 ? [call] : []));
  return { creation: root.creation, module, catchAll };
}
