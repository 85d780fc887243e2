/** Writes the frames of a simulated camera as TIFF files, and the documents that describe them. */

import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { DataKeys } from "../../core/protocols/protocols";
import { softSignalRAndSetter } from "../../core/signal/softSignal";
import type { PathProvider } from "../../core/standard/pathProvider";
import type { DetectorWriter, StreamAsset } from "../../core/standard/standardDetector";
import { newUid } from "../../randomSource";
import { encodeTiff } from "./tiff";

/**
 * Writes frames as `<path>/<uid>/frame_000000.tif` and so on, into a new folder for each run. The
 * consolidators of bluesky and Tiled find the files by the documents.
 */
export class TiffWriter implements DetectorWriter {
  readonly written;
  readonly #setWritten: (count: number) => void;
  readonly #path: PathProvider;
  readonly #width: number;
  readonly #height: number;
  #folder = "";
  #key = "";
  #uid = "";
  #count = 0;

  constructor(path: PathProvider, width: number, height: number) {
    this.#path = path;
    this.#width = width;
    this.#height = height;
    [this.written, this.#setWritten] = softSignalRAndSetter<number>(0, { dtype: "integer" });
  }

  async open(name: string): Promise<DataKeys> {
    this.#uid = newUid();
    this.#folder = resolve(this.#path(name), this.#uid);
    this.#key = `${name}-image`;
    this.#count = 0;
    this.#setWritten(0);
    await mkdir(this.#folder, { recursive: true });
    return {
      [this.#key]: {
        source: `sim://${name}`,
        dtype: "array",
        dtype_numpy: "<u2",
        shape: [1, this.#height, this.#width],
        external: "STREAM:",
      },
    };
  }

  /** Adds a frame of 16-bit pixels, row by row. */
  async write(pixels: Uint16Array): Promise<void> {
    const number = String(this.#count).padStart(6, "0");
    await writeFile(join(this.#folder, `frame_${number}.tif`), encodeTiff(pixels, this.#width));
    this.#count += 1;
    this.#setWritten(this.#count);
  }

  *documents(start: number, stop: number): Generator<StreamAsset, void, void> {
    if (start === 0) {
      const uri = pathToFileURL(`${this.#folder}/`).href.replace("file:///", "file://localhost/");
      const parameters = { chunk_shape: [1, this.#height, this.#width], template: "frame_{:06d}.tif" };
      const mimetype = "multipart/related;type=image/tiff";
      yield ["stream_resource", { uid: this.#uid, data_key: this.#key, mimetype, uri, parameters }];
    }
    const seq_nums = { start: 0, stop: 0 };
    const uid = `${this.#uid}/${start}`;
    yield ["stream_datum", { uid, stream_resource: this.#uid, descriptor: "", indices: { start, stop }, seq_nums }];
  }

  close(): void {}
}
