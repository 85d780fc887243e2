/** A file of a bundle. */

/** What a file of a bundle is. */
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
  /** What is written instead of the file. */
  readonly text?: string;
}
