/** Names of files in an archive from somebody else: only those that stay in their folder, on every system. */

/** The longest path, in characters, and the deepest. */
const LONGEST = 400;
const DEEPEST = 20;
/** Names that Windows gives to devices. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** Names that begin with a dot and are part of a bundle: descriptions of nodes beside runs. */
const ALLOWED_DOT = new Set([".nodes"]);

/** Why a name is refused; undefined for a good one. Folders end in `/`. */
export function entryProblem(name: string): string | undefined {
  if (name === "" || name.length > LONGEST) return "its name is empty or too long";
  if (/[\u0000-\u001f\u007f\\:*?"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069]/.test(name))
    return "its name has characters that not every disk allows";
  if (name.startsWith("/")) return "its path is absolute";
  const parts = name.replace(/\/$/, "").split("/");
  if (parts.includes("..") || parts.includes(".") || parts.includes("")) return "its path leads out of the folder";
  if (parts.length > DEEPEST) return "its path is too deep";
  for (const part of parts) {
    if (part.startsWith(".") && !ALLOWED_DOT.has(part)) return "hidden files are not part of a bundle";
    if (part === "node_modules") return "installed packages are not part of a bundle";
    if (DEVICE.test(part) || /[. ]$/.test(part)) return "its name is not one of a file on every system";
  }
  return undefined;
}

/** The name by which two entries are the same file on a disk that ignores case and forms of letters. */
export const sameFileName = (name: string): string => name.normalize("NFC").toLowerCase();
