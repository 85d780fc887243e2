/** Reads the images of a run from a Tiled server, which has the files of the detector. */

import type { DataKey } from "../../engine/documents/documents";
import type { ImageFrame } from "../../engine/result/runExports";
import { shapeOfFrame, sizeOf } from "../reading/frameLayout";
import { pixelsOf } from "../reading/hdf5Images";
import { noImages } from "../reading/imageFiles";
import { type ArrayType, typedArray } from "./tiledArray";
import type { TiledClient, TiledNode } from "./tiledClient";

/**
 * The frames of a data key, one request for each row. @param run the path of the run on the server
 * @throws UsageError if the run has no images of that name
 */
export async function* tiledImages(
  client: TiledClient,
  run: string,
  wanted: string | undefined,
): AsyncGenerator<ImageFrame, void, undefined> {
  const nodes: { readonly node: TiledNode; readonly path: string }[] = [];
  for (const stream of await client.children(run)) {
    const keys = (stream.attributes.metadata.data_keys ?? {}) as Record<string, DataKey>;
    const path = `${run}/${encodeURIComponent(stream.id)}`;
    for (const node of await client.children(path))
      if (node.attributes.structure_family === "array" && keys[node.id]?.external !== undefined)
        nodes.push({ node, path: `${path}/${encodeURIComponent(node.id)}` });
  }
  const found = wanted === undefined ? nodes[0] : nodes.find(({ node }) => node.id === wanted);
  const names = nodes.map(({ node }) => node.id);
  if (!found) throw noImages(wanted, names);
  const { shape: [rows = 0, ...shape] = [], data_type: type } = found.node.attributes.structure ?? {};
  for (let row = 0; row < rows; row += 1) yield* framesOfRow(client, `${found.path}?slice=${row}`, shape, type);
}

/** The frames of one row. */
async function* framesOfRow(
  client: TiledClient,
  path: string,
  shape: readonly number[],
  type: ArrayType = { kind: "f", itemsize: 8 },
): AsyncGenerator<ImageFrame, void, undefined> {
  const bytes = await client.send("GET", `/array/full/${path}`, undefined, "", "application/octet-stream");
  const pixels = pixelsOf(typedArray(bytes, type));
  const frame = shapeOfFrame(shape);
  const size = sizeOf(frame);
  for (let at = 0; at < pixels.length; at += size) yield { shape: frame, data: pixels.slice(at, at + size) };
}
