/** The file plugin of an areaDetector camera: it writes the frames as HDF5 or TIFF. */

// Source: documentation of ADCore, NDPluginFile.

import { posix, win32 } from "node:path";
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
import { epicsSignalR, epicsSignalRwRbv } from "../signal/epicsSignal";
import type { AreaDetectorDriver } from "./areaDetectorDriver";
import { numberSetting, textSetting, writtenNumber } from "./areaDetectorSettings";
import { frameShape } from "./frameShape";
import { Hdf5Settings } from "./hdf5Settings";

/** How frames of one format are stored, and what bluesky's documents say about it. */
interface FileFormat {
  readonly mimetype: string;
  /** How the plugin makes a path: of the folder, the name and, for a file a frame, its number. */
  readonly template: string;
  /** What the document about the files has, beside the shape of a chunk. */
  readonly parameters: (name: string) => Record<string, unknown>;
  /** What is at the end of the address in the document: a file, or nothing for a folder of files. */
  readonly file: (name: string) => string;
}

const FORMATS: Readonly<Record<"hdf5" | "tiff", FileFormat>> = {
  hdf5: {
    mimetype: "application/x-hdf5",
    template: "%s%s.h5",
    parameters: () => ({ dataset: "/entry/data/data" }),
    file: (name) => `${name}.h5`,
  },
  tiff: {
    mimetype: "multipart/related;type=image/tiff",
    template: "%s%s_%6.6d.tiff",
    parameters: (name) => ({ template: `${name}_{:06d}.tiff` }),
    file: () => "",
  },
};

/** FileWriteMode: frames are written as they come. */
const STREAM = 2;

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
  readonly createDirectory: SignalRW<number> = writtenNumber(this, "CreateDirectory");
  /** How many frames are captured; 0 means without end. */
  readonly numCapture: SignalRW<number> = numberSetting(this, "NumCapture");
  /** The plugin answers when it has ended, so a write must not wait. */
  readonly capture: SignalRW<number> = epicsSignalRwRbv(Number, this.pv("Capture"), undefined, { wait: false });
  /** Further settings of HDF5 files; undefined for files of other formats. */
  readonly hdf5: Hdf5Settings | undefined;
  readonly #driver: AreaDetectorDriver;
  readonly #format: FileFormat;
  readonly #path: PathProvider;
  #uid = "";
  #uri = "";
  #key = "";
  /** What the document about the files has in addition. */
  #parameters: Record<string, unknown> = {};

  constructor(prefix: string, format: "hdf5" | "tiff", driver: AreaDetectorDriver, path: PathProvider) {
    super(prefix);
    const known: FileFormat | undefined = FORMATS[format];
    if (!known) throw new UsageError(`an areaDetector writes "hdf5" or "tiff", not ${JSON.stringify(format)}`);
    this.hdf5 = format === "hdf5" ? new Hdf5Settings(prefix) : undefined;
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
    const isWindows = !posix.isAbsolute(folder);
    if (isWindows && !win32.isAbsolute(folder))
      throw new UsageError(`${name} cannot write to ${folder}: the IOC needs an absolute path`);
    const file = `${name.replace(/[^A-Za-z0-9_-]/g, "_")}_${this.#uid.slice(0, 8)}`;
    const framesPerChunk = (await this.hdf5?.prepare()) ?? 1;
    // Folders that do not exist are made, however many levels, when the path is set.
    await Promise.all([this.enableCallbacks.set(1), this.createDirectory.set(-10)]);
    await Promise.all([
      this.filePath.set(`${folder}${isWindows ? "\\" : "/"}`),
      this.fileName.set(file),
      this.fileTemplate.set(this.#format.template),
      this.autoIncrement.set(1),
      this.fileNumber.set(0),
      this.fileWriteMode.set(STREAM),
    ]);
    if ((await this.filePathExists.getValue({ cached: false })) !== 1)
      throw new EpicsError(`${name} cannot write: its IOC has no folder ${folder}, and could not make it`);
    await this.numCapture.set(0);
    await this.capture.set(1);
    await waitForValue(this.capture, (on) => on === 1, { timeout: 10 });
    const path = isWindows ? `/${folder.replaceAll("\\", "/")}` : folder;
    this.#uri = pathToFileURL(`${path}/${this.#format.file(file)}`).href.replace("file:///", "file://localhost/");
    return await this.#describe(name, file, framesPerChunk);
  }

  /** The frames are on the disk before the documents that name them are given. */
  async *documents(start: number, stop: number): AsyncGenerator<StreamAsset, void, void> {
    await this.hdf5?.flushNow.set(1);
    if (start === 0) {
      const { mimetype } = this.#format;
      const parameters = this.#parameters;
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

  async #describe(name: string, file: string, framesPerChunk: number): Promise<DataKeys> {
    const { shape, numpy } = await frameShape(this.#driver);
    this.#key = `${name}-image`;
    this.#parameters = { ...this.#format.parameters(file), chunk_shape: [framesPerChunk, ...shape] };
    return {
      [this.#key]: {
        source: this.written.source,
        dtype: "array",
        shape: [1, ...shape],
        external: "STREAM:",
        dtype_numpy: numpy,
      },
    };
  }
}
