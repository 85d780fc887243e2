/** What secop-ophyd measures with a SEC node. */

import { runPython } from "../../peers/peers";
import { normalDocuments, type PlainDocument } from "../../support/normalDocuments";

/** The documents of a scan by secop-ophyd with the node at an address, without what differs each time. */
export async function secopOphydDocuments(uri: string): Promise<unknown[]> {
  const output = await runPython("test/rerun/follow/secopOphydScan.py", [uri.replace("127.0.0.1", "localhost")]);
  // Python names objects by their place in memory.
  const documents = (output.trim().split("\n").at(-1) ?? "").replace(/ object at 0x[0-9a-f]+/g, "");
  return normalDocuments(JSON.parse(documents) as PlainDocument[]);
}
