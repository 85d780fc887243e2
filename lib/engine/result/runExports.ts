/** How runs are written into files of other formats; the store, which stands above, provides it. */

import type { NumberArray } from "../../core/protocols/dataValue";
import { UsageError } from "../../errors";
import type { Document, RunStart, RunStop, StreamResource } from "../documents/documents";

/** The formats of exported runs. */
export type ExportFormat = "csv" | "parquet" | "arrow" | "json" | "nexus" | "png";

/**
 * Images stay in their files, or are copied into the NeXus file. Those that stay in HDF5 files are linked as
 * `data`; of others, such as TIFF, the file has the names.
 */
export type ImageChoice = "link" | "copy";

/**
 * Options of an export. An option of another format is without effect: for example, a PNG is always the plot
 * of the whole run, whatever `stream`, `units` and `timestamps` say.
 */
export interface ExportOptions {
  /** The format; default by the ending of the path. */
  readonly format?: ExportFormat;
  /** The only stream of a table (CSV, Parquet, Arrow); default: all, each in a file of its own. */
  readonly stream?: string;
  /**
   * Whether the heading of CSV has units, as `motor (mm)`; default false. They are in its metadata as well.
   */
  readonly units?: boolean;
  /**
   * Whether tables (CSV, Parquet, Arrow) have a column `ts_KEY` for each data key: when its value was
   * measured, in seconds since 1970. Default false.
   */
  readonly timestamps?: boolean;
  /** Whether images are linked from NeXus files or copied into them; default "link". */
  readonly images?: ImageChoice;
}

/** Pixels of an image, row by row from the top. */
export type Pixels = Exclude<NumberArray, BigInt64Array | BigUint64Array>;

/** One image of a detector. */
export interface ImageFrame {
  /** Rows and columns; of an image with colours, their number is the third. */
  readonly shape: readonly number[];
  readonly data: Pixels;
}

/** A run as it is in memory. */
export interface MeasuredRun {
  readonly start: RunStart;
  readonly stop: RunStop | undefined;
  documents(): Iterable<Document>;
}

/**
 * The functions that the store provides. A run that was kept is read from its file, which has more than the
 * memory.
 */
export interface RunExportsProvider {
  export(runs: readonly MeasuredRun[], path: string, options: ExportOptions): Promise<string[]>;
  images(run: MeasuredRun, key: string | undefined): AsyncGenerator<ImageFrame, void, undefined>;
  /** One image of a file, by its number from 0. Rejects if it is not there or cannot be read. */
  image(resource: StreamResource, index: number): Promise<ImageFrame>;
}

let provider: RunExportsProvider | undefined;

/** For the store: provides how runs are written into files. */
export function provideRunExports(exports: RunExportsProvider): void {
  provider = exports;
}

/** How runs are written into files. Throws if the store is not loaded. */
export function runExports(): RunExportsProvider {
  if (!provider) throw new UsageError('files and images of runs need the store: import it from "secop-lab"');
  return provider;
}
