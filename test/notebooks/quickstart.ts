import { join } from "node:path";
import { joined, type Notebook, readNotebook } from "../peers/jupyter";
import { repository } from "../peers/peers";

/**
 * The quickstart notebook with another address, and with fewer points
 * since frappy's cryostat runs in real time.
 */
export function quickstart(uri: string): Notebook {
  const notebook = readNotebook(join(repository, "notebooks/01-quickstart.ipynb"));
  const adapt = (source: string) => source.replace("localhost:10767", uri).replace("5, 20, 16", "25, 27, 3");
  return { ...notebook, cells: notebook.cells.map((cell) => ({ ...cell, source: adapt(joined(cell.source)) })) };
}
