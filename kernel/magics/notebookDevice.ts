/** A device among a notebook's values. Known by its members, not its class: a workspace may have its own copy of the library. */

/** Everything beyond the name is asked for where it is there. */
export interface NotebookDevice {
  readonly name: string;
  readonly hints?: { readonly fields?: readonly string[] };
  locate?(): unknown;
  read?(): unknown;
  describe?(): unknown;
}

export function isDevice(value: unknown): value is NotebookDevice {
  return typeof value === "object" && value !== null && "name" in value && "connect" in value && "dispose" in value;
}
