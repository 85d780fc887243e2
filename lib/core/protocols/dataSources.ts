/** Where data come from: nodes and simulated devices identify themselves, for the start documents of runs. */

/** The facts by which a source of data can be identified years later. */
export interface SourceIdentity {
  /** A SEC node, or a simulated device with the seed of its random numbers. */
  readonly kind: "sec_node" | "simulation";
  /** The name of the device. */
  readonly name: string;
  /** For the start document: `equipment_id`, `uri`, `description_sha256`, or `seed`. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** The description of the node as JSON text with sorted keys, whose hash is `description_sha256`. */
  readonly description?: string;
}

/**
 * The method by which a device says where its data come from. It is named by a symbol, since the other
 * members of a device have the names that its node gives them.
 */
export const $sourceIdentity: unique symbol = Symbol.for("secop-lab.sourceIdentity") as never;

/** A device that can say where its data come from. */
export interface DataSource {
  /** Undefined while it is not connected. */
  [$sourceIdentity](): SourceIdentity | undefined;
}

/** Weak, so that a device that nobody uses any more is forgotten. */
const sources = new Set<WeakRef<DataSource>>();

/** Makes a device known as a source of data, for as long as it exists. */
export function announceSource(source: DataSource): void {
  sources.add(new WeakRef(source));
}

/** The sources that can be identified now, those announced last at the end. */
export function dataSources(): SourceIdentity[] {
  const found: SourceIdentity[] = [];
  for (const reference of sources) {
    const source = reference.deref();
    if (!source) sources.delete(reference);
    const identity = source && identityOf(source);
    if (identity) found.push(identity);
  }
  return found;
}

/** A source that fails to identify itself must not hide the others. */
function identityOf(source: DataSource): SourceIdentity | undefined {
  try {
    return source[$sourceIdentity]();
  } catch {
    return undefined;
  }
}
