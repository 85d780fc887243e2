/** Recognizes the devices among the values of a notebook. */

/** A device of a notebook; all members but the name are optional. */
export interface NotebookDevice {
  readonly name: string;
  readonly hints?: { readonly fields?: readonly string[] };
  locate?(): unknown;
  read?(): unknown;
  describe?(): unknown;
}

/**
 * Whether a value is a device, judged by its members: a class check fails if the workspace has its own copy
 * of the library.
 */
export function isDevice(value: unknown): value is NotebookDevice {
  return typeof value === "object" && value !== null && "name" in value && "connect" in value && "dispose" in value;
}
