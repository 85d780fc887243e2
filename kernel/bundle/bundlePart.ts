/** A file of a bundle. */

/** The kinds of files in a bundle. */
export type PartRole =
  | "notebook"
  | "script"
  | "class file"
  | "module"
  | "lock"
  | "recording"
  | "run"
  | "description"
  | "image"
  | "packages"
  | "file";

/** One file of a bundle. */
export interface BundlePart {
  readonly role: PartRole;
  /** Its path in the archive, with `/`. */
  readonly name: string;
  /** Its path on this machine; undefined for a file that is made here. */
  readonly path: string | undefined;
  /** The text that is written instead of the file. */
  readonly text?: string;
}
