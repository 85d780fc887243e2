import { join } from "node:path";
import { joined, type Notebook, readNotebook } from "../peers/jupyter";
import { repository } from "../peers/peers";

/** The quickstart with another address and, since frappy's cryostat takes its real time, with fewer points. */
export function quickstart(uri: string): Notebook {
  const notebook = readNotebook(join(repository, "notebooks/01-quickstart.ipynb"));
  const adapt = (source: string) => source.replace("localhost:10767", uri).replace("5, 20, 16", "25, 27, 3");
  return { ...notebook, cells: notebook.cells.map((cell) => ({ ...cell, source: adapt(joined(cell.source)) })) };
}
