/** Plain data as integers and one text: pairs of writers and readers that are put together like the types they carry. */

/** Encoded data, independent of any other: integers, and the text that the string lengths among them cut up. */
export interface Encoded {
  ints: Int32Array;
  text: string;
}

/** Writes values of one type and reads them back. */
export interface Codec<T> {
  write(out: Writer, value: T): void;
  read(from: Reader): T;
}

/** Collects integers and strings; each distinct string is kept once. */
export class Writer {
  #ints = new Int32Array(4096);
  #size = 0;
  readonly #strings = new Map<string, number>();

  int(value: number): void {
    if (this.#size === this.#ints.length) {
      const grown = new Int32Array(this.#size * 2);
      grown.set(this.#ints);
      this.#ints = grown;
    }
    this.#ints[this.#size] = value;
    this.#size += 1;
  }

  string(value: string): void {
    let index = this.#strings.get(value);
    if (index === undefined) {
      index = this.#strings.size;
      this.#strings.set(value, index);
    }
    this.int(index);
  }

  /** What was written, and an empty writer again. */
  finish(): Encoded {
    const strings = [...this.#strings.keys()];
    const ints = new Int32Array(1 + strings.length + this.#size);
    ints[0] = strings.length;
    strings.forEach((string, index) => {
      ints[1 + index] = string.length;
    });
    ints.set(this.#ints.subarray(0, this.#size), 1 + strings.length);
    this.#size = 0;
    this.#strings.clear();
    return { ints, text: strings.join("") };
  }
}

/** Reads one {@link Encoded} from its start. */
export class Reader {
  readonly #ints: Int32Array;
  readonly #strings: string[];
  #at: number;

  constructor({ ints, text }: Encoded) {
    const count = ints[0] ?? 0;
    this.#ints = ints;
    this.#at = 1 + count;
    this.#strings = Array<string>(count);
    let start = 0;
    for (let index = 0; index < count; index += 1) {
      const end = start + (ints[1 + index] ?? 0);
      this.#strings[index] = text.slice(start, end);
      start = end;
    }
  }

  int(): number {
    const value = this.#ints[this.#at] ?? 0;
    this.#at += 1;
    return value;
  }

  string(): string {
    return this.#strings[this.int()] ?? "";
  }
}

export const integer: Codec<number> = {
  write: (out, value) => out.int(value),
  read: (from) => from.int(),
};

export const string: Codec<string> = {
  write: (out, value) => out.string(value),
  read: (from) => from.string(),
};

export const boolean: Codec<boolean> = {
  write: (out, value) => out.int(value ? 1 : 0),
  read: (from) => from.int() === 1,
};

/** One of a few words. */
export function word<const T extends string>(words: readonly T[]): Codec<T> {
  const [first] = words;
  if (first === undefined) throw new TypeError("a word needs words to choose from");
  return {
    write: (out, value) => out.int(words.indexOf(value)),
    read: (from) => words[from.int()] ?? first,
  };
}

export function nullable<T>(inner: Codec<T>): Codec<T | null> {
  return {
    write(out, value) {
      out.int(value === null ? 0 : 1);
      if (value !== null) inner.write(out, value);
    },
    read: (from) => (from.int() === 0 ? null : inner.read(from)),
  };
}

export function list<T>(item: Codec<T>): Codec<T[]> {
  return {
    write(out, values) {
      out.int(values.length);
      for (const value of values) item.write(out, value);
    },
    read(from) {
      const length = from.int();
      if (length === 0) return [];
      const values = Array<T>(length);
      for (let index = 0; index < length; index += 1) values[index] = item.read(from);
      return values;
    },
  };
}

const nothing: Record<string, never> = Object.freeze(Object.create(null));

/** Names to values, without a prototype. */
export function table<T>(item: Codec<T>): Codec<Record<string, T>> {
  return {
    write(out, values) {
      const names = Object.keys(values);
      out.int(names.length);
      for (const name of names) {
        out.string(name);
        item.write(out, values[name] as T);
      }
    },
    read(from) {
      const size = from.int();
      if (size === 0) return nothing;
      const values: Record<string, T> = Object.create(null);
      for (let left = size; left > 0; left -= 1) values[from.string()] = item.read(from);
      return values;
    },
  };
}

/** A record of fixed fields, in the order given. */
export function struct<T extends object>(fields: { [Key in keyof Required<T>]: Codec<T[Key]> }): Codec<T> {
  const keys = Object.keys(fields) as (keyof T)[];
  return {
    write(out, value) {
      for (const key of keys) fields[key].write(out, value[key]);
    },
    read(from) {
      const value: Partial<T> = {};
      for (const key of keys) {
        const field = fields[key].read(from);
        // An optional field that was absent stays absent.
        if (field !== undefined) value[key] = field;
      }
      return value as T;
    },
  };
}

export function optional<T>(inner: Codec<T>): Codec<T | undefined> {
  return {
    write(out, value) {
      out.int(value === undefined ? 0 : 1);
      if (value !== undefined) inner.write(out, value);
    },
    read: (from) => (from.int() === 0 ? undefined : inner.read(from)),
  };
}
