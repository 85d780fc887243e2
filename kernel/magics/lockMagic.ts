/** The magic `%lock`, for the locks of a notebook. */

import { UsageError } from "../../lib/errors";
import { isReplaying } from "../../lib/journal";
import { splitArguments } from "./magicArguments";
import type { LineMagic, MagicContext } from "./magicRegistry";
import { acceptNode, type LockableNode, lockLines, notebookPath } from "./notebookLocks";

/** `%lock` lists the locks, and accepts nodes that have changed. */
export const lockMagic: LineMagic = {
  kind: "line",
  name: "lock",
  usage: "%lock   %lock accept [NAME ...]",
  help: `Lists the locks of this notebook: the descriptions of its nodes as they were when it first connected, in NAME.lock beside it.
%connect and %%devices write them, and say later what has changed in a node. %lock accept NAME locks a node as it is now; without a name, all.`,
  run: (args, context) => {
    const notebook = notebookPath();
    if (notebook === undefined)
      throw new UsageError("there are no locks: this front-end does not say which notebook it runs");
    const [action, ...names] = splitArguments(args);
    if (action === undefined) {
      context.print(lockLines(notebook, (name) => nodeIn(context, name)).join("\n"));
      return;
    }
    if (action !== "accept") throw new UsageError(`write ${lockMagic.usage}`);
    if (isReplaying()) throw new UsageError("a recording is being replayed: locks are of nodes, not of recordings");
    for (const name of names.length > 0 ? names : nodesIn(context)) {
      const node = nodeIn(context, name);
      if (!node) throw new UsageError(`${name} is not a node that is connected: %connect HOST:PORT as ${name}`);
      context.print(acceptNode(notebook, name, node));
    }
  },
};

/** The names of all connected nodes. */
function nodesIn(context: MagicContext): string[] {
  const names = [...context.values.keys()].filter((name) => nodeIn(context, name));
  if (names.length === 0) throw new UsageError("no node is connected: %connect HOST:PORT as NAME");
  return names;
}

/**
 * The connected node in a variable. It is known by its members, since a workspace may have its own copy of
 * the library.
 */
function nodeIn({ values }: MagicContext, name: string): LockableNode | undefined {
  const value = values.get(name);
  if (typeof value !== "object" || value === null || !("modules" in value && "state" in value)) return undefined;
  const isOpen = (value.state as { readonly name?: string } | undefined)?.name === "connected";
  // The two members above are all that distinguishes a node of another copy of the library.
  return isOpen ? (value as unknown as LockableNode) : undefined;
}
