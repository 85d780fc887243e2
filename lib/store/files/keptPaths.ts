/** Where this process has kept the runs that it made. */

/** Runs that are remembered, so that a process which measures for months does not grow. */
const REMEMBERED = 10_000;

/** The paths of complete run files, by uid; those that came first stand first. */
const paths = new Map<string, string>();

/** Remembers the file of a run that has ended and is complete. */
export function rememberPath(uid: string, path: string): void {
  // If an engine keeps its runs in several folders, the first one counts.
  if (paths.has(uid)) return;
  paths.set(uid, path);
  const [oldest] = paths.keys();
  if (paths.size > REMEMBERED && oldest !== undefined) paths.delete(oldest);
}

/** The file of a run of this process; undefined if it has none that is complete. */
export const keptPath = (uid: string): string | undefined => paths.get(uid);
