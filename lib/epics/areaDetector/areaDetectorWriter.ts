/** The file plugin of an areaDetector camera: it writes the frames as HDF5 or TIFF. */

// Source: documentation of ADCore, NDPluginFile.

import { posix } from "node:path";
import { pathToFileURL } from "node:url";
import type { DataKeys } from "../../core/protocols/protocols";
import { waitForValue } from "../../core/signal/observe";
import type { SignalR, SignalRW } from "../../core/signal/signal";
import type { PathProvider } from "../../core/standard/pathProvider";
import type { DetectorWriter, StreamAsset } from "../../core/standard/standardDetector";
import { UsageError } from "../../errors";
import { newUid } from "../../randomSource";
import { EpicsError } from "../epicsError";
import { EpicsDevice } from "../signal/epicsDevice";
import { epicsSignalR, epicsSignalRw } from "../signal/epicsSignal";
import type { AreaDetectorDriver } from "./areaDetectorDriver";
import { numberSetting, textSetting } from "./areaDetectorSettings";

/** How frames of one format are stored, and what bluesky's documents say about it. */
interface FileFormat {
  readonly mimetype: string;
  /** How the plugin makes a path: of the folder, the name and, for a file a frame, its number. */
  readonly template: string;
  /** What the document about the files has, beside the shape of a chunk. */
  readonly parameters: (name: string) => Record<string, unknown>;
  /** The path in the document: a file, or a folder of files. */
  readonly path: (folder: string, name: string) => string;
}

const FORMATS: Readonly<Record<"hdf5" | "tiff", FileFormat>> = {
  hdf5: {
    mimetype: "application/x-hdf5",
    template: "%s%s.h5",
    parameters: () => ({ dataset: "/entry/data/data" }),
    path: (folder, name) => posix.join(folder, `${name}.h5`),
  },
  tiff: {
    mimetype: "multipart/related;type=image/tiff",
    template: "%s%s_%6.6d.tiff",
    parameters: (name) => ({ template: `${name}_{:06d}.tiff` }),
    path: (folder) => `${folder}/`,
  },
};

/** FileWriteMode: frames are written as they come. */
const STREAM = 2;
/** numpy's names of ADCore's types of pixels. */
const PIXELS: Readonly<Record<string, string>> = {
  Int8: "|i1",
  UInt8: "|u1",
  Int16: "<i2",
  UInt16: "<u2",
  Int32: "<i4",
  UInt32: "<u4",
  Int64: "<i8",
  UInt64: "<u8",
  Float32: "<f4",
  Float64: "<f8",
};

/** The file plugin of an areaDetector (NDPluginFile): it writes the frames. */
export class AreaDetectorWriter extends EpicsDevice implements DetectorWriter {
  /** How many frames are in the file. */
  readonly written: SignalR<number> = epicsSignalR(Number, this.pv("NumCaptured_RBV"));
  /** The folder as the IOC sees it. */
  readonly filePath: SignalRW<string> = textSetting(this, "FilePath");
  /** The name in the template. */
  readonly fileName: SignalRW<string> = textSetting(this, "FileName");
  /** How folder, name and number make a path, as printf's format. */
  readonly fileTemplate: SignalRW<string> = textSetting(this, "FileTemplate");
  /** The number of the next file. */
  readonly fileNumber: SignalRW<number> = numberSetting(this, "FileNumber");
  /** Whether the number grows with each file. */
  readonly autoIncrement: SignalRW<number> = numberSetting(this, "AutoIncrement");
  /** 1 if the IOC can see the folder. */
  readonly filePathExists: SignalR<number> = epicsSignalR(Number, this.pv("FilePathExists_RBV"));
  /** 0 single, 1 capture, 2 stream. */
  readonly fileWriteMode: SignalRW<number> = numberSetting(this, "FileWriteMode");
  /** Whether the plugin gets frames. */
  readonly enableCallbacks: SignalRW<number> = numberSetting(this, "EnableCallbacks");
  /** How many folders the IOC may make; negative numbers are such depths. */
  readonly createDirectory: SignalRW<number> = epicsSignalRw(Number, this.pv("CreateDirectory"));
  /** How many frames are captured; 0 means without end. */
  readonly numCapture: SignalRW<number> = numberSetting(this, "NumCapture");
  /** The plugin answers when it has ended, so a write must not wait. */
  readonly capture: SignalRW<number> = epicsSignalRw(Number, this.pv("Capture_RBV"), this.pv("Capture"), {
    wait: false,
  });
  readonly #driver: AreaDetectorDriver;
  readonly #format: FileFormat;
  readonly #path: PathProvider;
  #uid = "";
  #uri = "";
  #key = "";
  #shape: readonly number[] = [];
  #parameters: Record<string, unknown> = {};

  constructor(prefix: string, format: "hdf5" | "tiff", driver: AreaDetectorDriver, path: PathProvider) {
    super(prefix);
    const known: FileFormat | undefined = FORMATS[format];
    if (!known) throw new UsageError(`an areaDetector writes "hdf5" or "tiff", not ${JSON.stringify(format)}`);
    this.#driver = driver;
    this.#format = known;
    this.#path = path;
  }

  /**
   * Begins a new file, or a new series of files. Rejects with EpicsError if the IOC cannot see the folder.
   */
  async open(name: string): Promise<DataKeys> {
    this.#uid = newUid();
    const folder = this.#path(name);
    if (!posix.isAbsolute(folder))
      throw new UsageError(`${name} cannot write to ${folder}: the IOC needs an absolute path`);
    const file = `${name.replace(/[^A-Za-z0-9_-]/g, "_")}_${this.#uid.slice(0, 8)}`;
    // Folders that do not exist are made, however many levels.
    await Promise.all([this.createDirectory.set(-10), this.enableCallbacks.set(1), this.fileWriteMode.set(STREAM)]);
    await this.filePath.set(`${folder}/`);
    if ((await this.filePathExists.getValue({ cached: false })) !== 1)
      throw new EpicsError(`${name} cannot write: its IOC has no folder ${folder}, and could not make it`);
    await Promise.all([
      this.fileName.set(file),
      this.fileTemplate.set(this.#format.template),
      this.fileNumber.set(0),
      this.autoIncrement.set(1),
      this.numCapture.set(0),
    ]);
    await this.capture.set(1);
    await waitForValue(this.capture, (on) => on === 1, { timeout: 10 });
    return await this.#describe(name, folder, file);
  }

  *documents(start: number, stop: number): Generator<StreamAsset, void, void> {
    if (start === 0) {
      const parameters = { ...this.#parameters, chunk_shape: this.#shape };
      const { mimetype } = this.#format;
      yield ["stream_resource", { uid: this.#uid, data_key: this.#key, mimetype, uri: this.#uri, parameters }];
    }
    const seq_nums = { start: 0, stop: 0 };
    const uid = `${this.#uid}/${start}`;
    yield ["stream_datum", { uid, stream_resource: this.#uid, descriptor: "", indices: { start, stop }, seq_nums }];
  }

  async close(): Promise<void> {
    await this.capture.set(0);
    await waitForValue(this.capture, (on) => on === 0, { timeout: 10 });
  }

  async #describe(name: string, folder: string, file: string): Promise<DataKeys> {
    const { sizeX, sizeY, dataType } = this.#driver;
    const [width, height, pixels] = await Promise.all([
      sizeX.getValue({ cached: false }),
      sizeY.getValue({ cached: false }),
      dataType.getValue({ cached: false }),
    ]);
    this.#key = `${name}-image`;
    this.#shape = [1, height, width];
    this.#parameters = this.#format.parameters(file);
    const path = this.#format.path(folder, file);
    this.#uri = pathToFileURL(path).href.replace("file:///", "file://localhost/");
    const numpy = PIXELS[pixels];
    return {
      [this.#key]: {
        source: this.written.source,
        dtype: "array",
        shape: this.#shape,
        external: "STREAM:",
        ...(numpy === undefined ? {} : { dtype_numpy: numpy }),
      },
    };
  }
}
