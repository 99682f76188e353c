/**
 * One file's facts, without judgement: what the extractor observes and the linker joins.
 *
 * A summary is plain JSON, knows no language, depends on nothing but the file's text, and is cacheable by content hash.
 */

/** Index of a function in {@link Summary.functions}; 0 is the module body itself. */
export type FnId = number;
/** Index of a call in {@link Summary.calls}. */
export type CallId = number;
/** Index of a class in {@link Summary.classes}. */
export type ClassId = number;

/** A stretch of source text. Offsets are UTF-16 code units, lines and columns count from 1 and 0. */
export interface Span {
  start: number;
  end: number;
  line: number;
  endLine: number;
  column: number;
}

/**
 * An expression, reduced to what can be followed without types.
 *
 * `await`, parentheses, `as`, `!` and `satisfies` are transparent. What cannot be followed is `unknown`, never a crash.
 *
 * - `name`: `fn` is the function that declares it; 0 without a binding there is a global. A parameter that gets another
 *   value or has a default is a name, too, with the parameter among its bindings. `exports.x` and `module.exports`, read
 *   in their own module, are names of the module.
 * - `imported`: name `*` is the whole module; a member of it is the export of that name. `const { a } = require("m")`
 *   stands for `a` of `m` like an import does.
 * - `member`: property `*` is any: a computed key, an item of what is iterated. Object rest is followed like the object.
 * - `call` of `super(...)`: a `new` of what the class extends; `super.m` is a member of that.
 * - `operation`: what an operator makes of its operands; `...` is a spread among items or arguments. Only kept where an
 *   operand can be followed.
 * - `this`: of the function that an arrow stands in; field initialisers belong to the constructor.
 */
export type Value =
  | { kind: "name"; name: string; fn: FnId }
  | { kind: "param"; fn: FnId; index: number }
  | { kind: "member"; object: Value; property: string }
  | { kind: "call"; call: CallId }
  | { kind: "fn"; fn: FnId }
  | { kind: "class"; class: ClassId }
  | { kind: "imported"; specifier: string; name: string }
  | { kind: "object"; entries: { key: string; value: Value }[]; spreads: Value[] }
  | { kind: "array"; items: Value[] }
  | { kind: "literal"; value: string | number | boolean | null }
  | { kind: "template"; parts: (string | Value)[] }
  | { kind: "either"; of: Value[] }
  | { kind: "operation"; operator: Operator; of: Value[] }
  | { kind: "this"; fn: FnId }
  | { kind: "unknown" };

/**
 * Operators that make a new value of their operands; logic is none of them. Comparisons are kept of Python alone, where
 * classes overload them to write conditions of queries: `<` is any that orders.
 */
export type Operator = "+" | "-" | "*" | "/" | "%" | "**" | "|" | "..." | "==" | "!=" | "<" | "other";

/**
 * How a call's value is used where it stands. `chained` = `.then`/`.catch`/`.finally` hangs on it and nobody waits for that.
 * `rendered`: no call as written but an element of the function's JSX (`<Orders/>`), which its framework calls and waits for.
 * `decorator`: a Python decorator as a call of it with the function or class below, which it does not run.
 */
export type CallUse =
  | "awaited"
  | "returned"
  | "assigned"
  | "argument"
  | "chained"
  | "discarded"
  | "rendered"
  | "other"
  | "decorator";

/**
 * One call, `new` expression, tagged template, decorator call, or element of JSX that is a component (except in files for the browser).
 *
 * Python's keyword arguments are one last object; where the last positional one is an object, an empty one follows it.
 */
export interface Call {
  /** The function whose body holds the call. */
  fn: FnId;
  callee: Value;
  args: Value[];
  isNew: boolean;
  use: CallUse;
  /** True when the promise is waited for: `await`, `return` in an async chain, or inside an awaited `Promise.all`. */
  awaited: boolean;
  /** True inside a loop body or an iteration callback (`map`, `forEach`, ...) of the same function. */
  inLoop: boolean;
  /** True when a failure stays here: inside a `try` with `catch`, or a `.catch(...)` hangs on it. */
  guarded: boolean;
  /** The whole call expression. */
  span: Span;
  /** The statement that holds the call; the unit a patch replaces. */
  statement: Span;
}

export interface Param {
  /** Plain name; null for a destructured parameter (its names are in the function's bindings). */
  name: string | null;
  /** Name of the type annotation's head (`Request`, `Express`), null when there is none. */
  type: string | null;
  rest: boolean;
  optional: boolean;
  /** `@Body() dto`; absent when there is none. */
  decorators?: CallId[];
}

export interface FunctionFact {
  /** The function that lexically holds this one; null for the module body. */
  parent: FnId | null;
  /** Own, assigned or property name; null when anonymous. */
  name: string | null;
  kind: "module" | "declaration" | "expression" | "arrow" | "method" | "constructor" | "accessor";
  async: boolean;
  generator: boolean;
  /** The class whose member this is. */
  class: ClassId | null;
  params: Param[];
  /** Every name declared in the function (block scopes are flattened) with all values assigned to it. */
  bindings: Record<string, Value[]>;
  returns: Value[];
  directives: string[];
  /** The whole function expression or declaration, `export` keyword included. */
  span: Span;
}

export interface ClassFact {
  name: string | null;
  extends: Value | null;
  /**
   * Methods, accessors, function-valued fields, and the constructor: an implicit one, spanning the class, when there are
   * field initialisers to run and no constructor is written.
   */
  members: { name: string; fn: FnId; static: boolean; decorators: CallId[] }[];
  /** Initialisers of fields and every `this.x = ...` in the class's own methods. */
  fields: Record<string, Value[]>;
  /** Type annotation heads of fields and constructor parameter properties. */
  fieldTypes: Record<string, string>;
  /** `@Column() email`; absent when no field is decorated. */
  fieldDecorators?: Record<string, CallId[]>;
  decorators: CallId[];
  span: Span;
}

export interface ImportFact {
  specifier: string;
  /** Imported name -> local name; `default` and `*` as written in ES modules. */
  names: { imported: string; local: string }[];
  typeOnly: boolean;
  form: "import" | "require" | "dynamic" | "reexport";
  span: Span;
}

/** Assignment to a property or a mutating method on something that outlives the call (module state, fields, `req.session`). */
export interface Write {
  fn: FnId;
  target: Value;
  how: "assign" | "update" | "delete" | "method";
  /** The mutating method's name when `how` is `method`. */
  method: string | null;
  /** What is assigned (`controller.login = async () => {}`); absent when `how` is not `assign` or it cannot be followed. */
  value?: Value;
  span: Span;
}

/** One way through an `if` or a `switch`: only those that hold calls. */
export interface Arm {
  fn: FnId;
  /** The statement with this arm: arms of one statement exclude each other. */
  whole: Span;
  span: Span;
  /** By what it ends, when what follows the statement does not run after it; an arm of a `switch` ends by its own `break`. */
  ends: "return" | "throw" | "continue" | "break" | null;
}

export interface TryFact {
  fn: FnId;
  block: Span;
  /** The `catch` block, null for `try ... finally`. */
  handler: Span | null;
  rethrows: boolean;
  empty: boolean;
}

export interface Summary {
  language: "typescript" | "javascript" | "python";
  modules: "esm" | "commonjs" | "none";
  /** `"use server"`, `"use client"`, `#!/usr/bin/env node` as `shebang`. */
  directives: string[];
  imports: ImportFact[];
  /** Exported name -> value; `module.exports = x` is the name `module.exports`, `export default` is `default`. */
  exports: Record<string, Value>;
  /** `export * from`, `export { a as b } from`; name `*` for all. */
  reexports: { specifier: string; name: string; as: string }[];
  functions: FunctionFact[];
  classes: ClassFact[];
  calls: Call[];
  writes: Write[];
  /**
   * Assignments to properties of what the function was given, got from a call or wrote out as an object (`user.credits -= 1`,
   * `answer.data = rows`), and compound ones to its names (`sql += " LIMIT 10"`); `value` is what the target becomes.
   */
  changes: Write[];
  arms: Arm[];
  tries: TryFact[];
  /** Reads of `process.env.X` / `import.meta.env.X`, with the literal default beside it when there is one. */
  env: { name: string; default: string | number | null; span: Span }[];
  /** True when JSX or DOM globals (`window`, `document`) appear: evidence of browser code. */
  jsx: boolean;
  dom: boolean;
  /** Set when the file could only be read in part. */
  problem: string | null;
}
