/** The key of a node: equal for all texts of its address. */

import { parseUri } from "./uri";

/** The text of an address by which a node is found: `localhost` counts as `127.0.0.1`. */
export function nodeKey(uri: string): string {
  try {
    const { transport, host, port, path } = parseUri(uri);
    const name = host.toLowerCase();
    return `${transport}://${name === "localhost" ? "127.0.0.1" : name}:${port}${path}`;
  } catch {
    return uri;
  }
}
