/** Sequelize: each query is told of the transaction in its options. */
import type { Model } from "../../../analyzers/model.ts";
import type { Edit } from "../../../patches/edit.ts";
import { setOptions } from "../../../patches/editors/calls.ts";
import { bindingsOf } from "../../../patches/editors/import-declarations.ts";
import { importOf } from "../../../patches/editors/import-of.ts";
import type { Source } from "../../../patches/editors/source.ts";
import { ownClient } from "../../own-client.ts";
import type { Client, Joined, Obstacle, Opening, Work } from "./client.ts";
import { hasServerDriver } from "./drivers.ts";
import { obstacleOfHooks } from "./hooks.ts";
import { all, askedIn, rangeOf, type Asked } from "./options.ts";

export const sequelize: Client = {
  names: ["t", "transaction"],
  notes: [],
  atOnce: true,
  obstacle: (queries, model) => {
    if (!hasServerDriver(queries, model))
      return "the database's driver is not known to hold several transactions at once";
    return obstacleOfHooks(model);
  },
  joined,
};

/** Method -> where its options stand. */
const onModels: Readonly<Record<string, 0 | 1>> = {
  create: 1,
  bulkCreate: 1,
  update: 1,
  upsert: 1,
  findOrCreate: 0,
  destroy: 0,
  restore: 0,
  increment: 1,
  decrement: 1,
  findAll: 0,
  findAndCountAll: 0,
  findOne: 0,
  findByPk: 1,
  count: 0,
  sum: 1,
  max: 1,
  min: 1,
  save: 0,
};

function joined(work: Work): Joined | Obstacle {
  const asked = askedIn(work);
  if ("obstacle" in asked) return asked;
  const edits = (name: string): Edit[] | null =>
    all(asked.map(({ call, method }) => edited(work.source, rangeOf(call, work.source), method, name)));
  if (edits("t") === null) return { obstacle: "the options of one of the queries are not written out there" };
  return {
    root: null,
    opening: (source) => opening(source, source.file === work.source.file ? asked : [], work.model),
    onto: (name) => edits(name) ?? [],
    parameter: (name) =>
      work.source.style.language === "typescript"
        ? { text: `${name}?: Transaction`, wishes: [{ from: "sequelize", names: ["Transaction"], typeOnly: true }] }
        : { text: name, wishes: [] },
  };
}

function edited(source: Source, call: { start: number; end: number }, method: string, name: string): Edit[] | null {
  const index = Object.hasOwn(onModels, method) ? onModels[method] : undefined;
  return index === undefined ? null : setOptions(source, call, index, { transaction: name }, "refuse");
}

/** The instance as it is known there, or as the model itself knows it (`Model.sequelize`, Sequelize documentation). */
function opening(source: Source, asked: readonly Asked[], model: Model): Opening | Obstacle {
  const known = bindingsOf(source).find(({ local, from }) => local === "sequelize" && /^[.@~#]/.test(from));
  if (known !== undefined) return begunBy("sequelize");
  const service = model.service(source.file);
  const own = service === null ? null : ownClient(model, service, ["sequelize:Sequelize()", "sequelize:()"]);
  if (own !== null) {
    const { name, wish } = importOf(source, own);
    return { ...begunBy(name), wishes: wish === null ? [] : [wish] };
  }
  const owner =
    asked.map((each) => each.owner.getText(source.tree)).find((text) => /^(\w+\.)?[A-Z]\w*$/.test(text)) ?? "";
  if (owner === "" || source.style.language === "typescript")
    return { obstacle: "the connection that begins a transaction is not at hand there" };
  const [head, member] = owner.split(".");
  const isListed = member !== undefined && model.repo.files.some((file) => assigns(file, head ?? "", model));
  return begunBy(isListed ? `${head}.sequelize` : `${owner}.sequelize`);
}

function begunBy(instance: string): Opening {
  return { text: `${instance}.transaction(`, wishes: [], files: [] };
}

/** `db.sequelize = sequelize` beside the models. */
function assigns(file: string, name: string, model: Model): boolean {
  if (!/models?|db|database/i.test(file)) return false;
  return new RegExp(`\\b${name}\\.sequelize\\s*=[^=]`).test(model.repo.read(file) ?? "");
}
