/** Groups, fields and links of a NeXus file, written by h5wasm. */

import type { ImageFrame } from "../../../engine/result/runExports";
import { UsageError } from "../../../errors";
import { valueText } from "../../files/documentLine";
import { portableText } from "../../files/portableText";
import { loadLibrary } from "../../reading/loadLibrary";

/** What is used of h5wasm. */
interface H5Wasm {
  readonly ready: Promise<unknown>;
  readonly File: new (path: string, mode: "w", options: object) => H5Group & { flush(): void; close(): void };
}
interface H5Object {
  create_attribute(name: string, data: unknown, shape?: number[], dtype?: string): void;
}
interface H5Typed extends H5Object {
  readonly dtype?: unknown;
}
interface H5Dataset extends H5Object {
  resize(shape: readonly number[]): void;
  write_slice(ranges: readonly (readonly number[])[], data: ArrayBufferView): void;
}
export interface H5Group extends H5Object {
  readonly path: string;
  create_group(name: string, track_order?: boolean): H5Group;
  create_dataset(options: object): H5Dataset;
  create_soft_link(target: string, name: string): void;
  create_external_link(file: string, target: string, name: string): number;
  get(path: string): H5Typed | null;
}

export type Attributes = Readonly<Record<string, string | number | readonly string[] | undefined | null>>;

/** Rows that are compressed together. */
const CHUNK = 1024;

/** A name as NeXus allows it. The true name stands beside it. */
export function nexusName(text: string): string {
  const name = text.replace(/[^A-Za-z0-9_.]/g, "_").replace(/^(?=[0-9.])/, "_");
  return name.replace(/\.$/, "_").slice(0, 200) || "_";
}

/** ISO 8601 in UTC; a time that is not a date, or in a year of more than four digits, has no text. */
export function isoTime(seconds: number): string | undefined {
  const date = new Date(seconds * 1000);
  const text = Number.isNaN(date.getTime()) ? "" : date.toISOString();
  return /^\d{4}-/.test(text) ? text : undefined;
}

/** Writes one file. */
export class Hdf5Writer {
  readonly #file: H5Group & { flush(): void; close(): void };
  readonly #names = new Map<string, Set<string>>();
  /** The paths that links point to. */
  readonly #linked = new Set<string>();

  private constructor(file: H5Group & { flush(): void; close(): void }) {
    this.#file = file;
  }

  static async open(path: string): Promise<Hdf5Writer> {
    const { File, ready } = await loadLibrary<H5Wasm>("h5wasm/node", "NeXus files");
    await ready;
    return new Hdf5Writer(new File(path, "w", { track_order: true }));
  }

  get root(): H5Group {
    return this.#file;
  }

  close(): void {
    this.#file.flush();
    this.#file.close();
  }

  /** A name that the group does not have yet. */
  #free(parent: H5Group, name: string): string {
    const taken = this.#names.get(parent.path) ?? new Set<string>();
    this.#names.set(parent.path, taken);
    let free = nexusName(name);
    for (let i = 2; taken.has(free); i += 1) free = `${nexusName(name)}_${i}`;
    taken.add(free);
    return free;
  }

  group(parent: H5Group, name: string, nxClass: string, attributes: Attributes = {}): H5Group {
    const made = parent.create_group(this.#free(parent, name), true);
    this.attributes(made, { NX_class: nxClass, ...attributes });
    return made;
  }

  attributes(on: H5Object, attributes: Attributes): void {
    for (const [name, value] of Object.entries(attributes)) {
      if (value === undefined || value === null) continue;
      on.create_attribute(name, typeof value === "string" ? portableText(value) : value);
    }
  }

  /** A single value: a number, a boolean, or a text; anything else as JSON. Nothing for no value. */
  field(parent: H5Group, name: string, value: unknown, attributes: Attributes = {}): string | undefined {
    if (value === undefined || value === null) return undefined;
    if (typeof value === "number") return this.numbers(parent, name, [value], [], attributes);
    if (typeof value === "boolean") return this.booleans(parent, name, [value], [], attributes);
    return this.texts(parent, name, typeof value === "string" ? value : valueText(value), attributes);
  }

  /** Numbers as doubles, of a shape; a long column is compressed. */
  numbers(
    parent: H5Group,
    name: string,
    values: ArrayLike<number>,
    shape: readonly number[],
    attributes: Attributes = {},
  ): string | undefined {
    if (shape.includes(0)) return undefined;
    return this.#dataset(parent, name, Float64Array.from(values), shape, "<d", attributes);
  }

  /** Whole numbers of 64 bits. */
  integers(
    parent: H5Group,
    name: string,
    values: readonly (number | bigint)[],
    shape: readonly number[],
    attributes: Attributes = {},
  ): string | undefined {
    if (shape.includes(0)) return undefined;
    return this.#dataset(parent, name, BigInt64Array.from(values, BigInt), shape, "<q", attributes);
  }

  /** Booleans as bytes of 0 and 1, since programs of the field know no other. */
  booleans(
    parent: H5Group,
    name: string,
    values: readonly boolean[],
    shape: readonly number[],
    attributes: Attributes = {},
  ): string | undefined {
    if (shape.includes(0)) return undefined;
    return this.#dataset(parent, name, Uint8Array.from(values, Number), shape, "<B", attributes);
  }

  /** A text, or a column of texts. */
  texts(
    parent: H5Group,
    name: string,
    value: string | readonly string[],
    attributes: Attributes = {},
  ): string | undefined {
    if (value.length === 0 && typeof value !== "string") return undefined;
    const free = this.#free(parent, name);
    const data = typeof value === "string" ? portableText(value) : value.map(portableText);
    this.attributes(parent.create_dataset({ name: free, data }), attributes);
    return `${parent.path === "/" ? "" : parent.path}/${free}`;
  }

  /**
   * Images of one shape, one after the other.
   * @returns the function that takes them; those of another shape or type begin a further dataset
   */
  frames(parent: H5Group, name: string, attributes: Attributes = {}): (frame: ImageFrame) => void {
    let [count, kind] = [0, ""];
    let made: H5Dataset | undefined;
    return ({ data, shape }) => {
      const dtype = DTYPES[data.constructor.name];
      if (dtype === undefined) throw new UsageError(`images of ${data.constructor.name} cannot be copied`);
      if (made && kind === `${dtype} ${shape}`) {
        made.resize([count + 1, ...shape]);
        made.write_slice([[count, count + 1], ...shape.map((size) => [0, size])], data);
        count += 1;
        return;
      }
      [count, kind] = [1, `${dtype} ${shape}`];
      const stored = { maxshape: [null, ...shape], chunks: [1, ...shape], compression: 4 };
      made = parent.create_dataset({ name: this.#free(parent, name), data, shape: [1, ...shape], dtype, ...stored });
      this.attributes(made, attributes);
    };
  }

  /** Whether a dataset has texts. */
  isText(path: string): boolean {
    return String(this.#file.get(path)?.dtype).startsWith("S");
  }

  /** A link; NeXus wants the path of what is linked as its attribute `target`. */
  link(path: string, parent: H5Group, name: string): void {
    const target = this.#file.get(path);
    if (!target) return;
    if (!this.#linked.has(path)) this.attributes(target, { target: path });
    this.#linked.add(path);
    parent.create_soft_link(path, this.#free(parent, name));
  }

  externalLink(file: string, target: string, parent: H5Group, name: string): void {
    parent.create_external_link(file, target, this.#free(parent, name));
  }

  #dataset(
    parent: H5Group,
    name: string,
    data: ArrayBufferView,
    shape: readonly number[],
    dtype: string,
    attributes: Attributes,
  ): string {
    const free = this.#free(parent, name);
    const [rows = 0, ...rest] = shape;
    const isLong = rows > 64;
    const chunks = [Math.min(rest.length > 1 ? 1 : CHUNK, rows), ...rest];
    const compressed = isLong ? { maxshape: [null, ...rest], chunks, compression: 4 } : {};
    const made = parent.create_dataset({ name: free, data, shape: [...shape], dtype, ...compressed });
    const path = `${parent.path === "/" ? "" : parent.path}/${free}`;
    this.attributes(made ?? (this.#file.get(path) as H5Object), attributes);
    return path;
  }
}

const DTYPES: Readonly<Record<string, string>> = {
  Uint8Array: "<B",
  Uint16Array: "<H",
  Uint32Array: "<I",
  Int8Array: "<b",
  Int16Array: "<h",
  Int32Array: "<i",
  Float32Array: "<f",
  Float64Array: "<d",
};
