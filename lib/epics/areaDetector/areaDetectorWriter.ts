/** The file plugin of an areaDetector camera: it writes the frames as HDF5, TIFF or JPEG. */

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
import type { AttributeSettings } from "./attributeSettings";
import type { DescribedAttribute } from "./frameAttributes";
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

/** The formats in which an areaDetector writes frames. */
export type FrameFormat = "hdf5" | "tiff" | "jpeg";

/** A format with a file a frame. */
const filePerFrame = (kind: string): FileFormat => ({
  mimetype: `multipart/related;type=image/${kind}`,
  template: `%s%s_%6.6d.${kind}`,
  parameters: (name) => ({ template: `${name}_{:06d}.${kind}` }),
  file: () => "",
});

const FORMATS: Readonly<Record<FrameFormat, FileFormat>> = {
  hdf5: {
    mimetype: "application/x-hdf5",
    template: "%s%s.h5",
    parameters: () => ({ dataset: "/entry/data/data" }),
    file: (name) => `${name}.h5`,
  },
  tiff: filePerFrame("tiff"),
  jpeg: filePerFrame("jpeg"),
};

/** A dataset of the files, with the document about it. */
interface FrameStream {
  readonly uid: string;
  readonly key: string;
  readonly parameters: Record<string, unknown>;
}

/** How many values ADCore stores in a chunk of the dataset of an attribute. */
const ATTRIBUTES_PER_CHUNK = 16_384;

/** FileWriteMode: frames are written as they come. */
const STREAM = 2;

/** What a writer is made of. */
export interface AreaDetectorWriterParts {
  readonly format: FrameFormat;
  readonly driver: AreaDetectorDriver;
  readonly path: PathProvider;
  /** See `AreaDetectorOptions`. */
  readonly uri: ((folder: string) => string) | undefined;
  readonly attributes: AttributeSettings | undefined;
}

/** The formats as a message lists them. */
const FORMAT_NAMES = Object.keys(FORMATS)
  .map((name) => JSON.stringify(name))
  .join(" or ");

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
  /** The values that are recorded with each frame; undefined if none are described. */
  readonly attributes: AttributeSettings | undefined;
  readonly #driver: AreaDetectorDriver;
  readonly #format: FileFormat;
  readonly #parts: AreaDetectorWriterParts;
  #uri = "";
  /** The datasets of the present file: first that of the frames, then those of the values of each frame. */
  #streams: readonly FrameStream[] = [];

  constructor(prefix: string, parts: AreaDetectorWriterParts) {
    super(prefix);
    const { format, driver, attributes } = parts;
    const known: FileFormat | undefined = FORMATS[format];
    if (!known) throw new UsageError(`an areaDetector writes ${FORMAT_NAMES}, not ${JSON.stringify(format)}`);
    if (attributes && format !== "hdf5")
      throw new UsageError(`values of each frame are in HDF5 files only: use them with the format "hdf5"`);
    this.hdf5 = format === "hdf5" ? new Hdf5Settings(prefix) : undefined;
    this.attributes = attributes;
    this.#driver = driver;
    this.#format = known;
    this.#parts = parts;
  }

  /** The keys of the values that are recorded with each frame of the present file. */
  get recorded(): ReadonlySet<string> {
    return new Set(this.#streams.slice(1).map(({ key }) => key));
  }

  /**
   * Begins a new file, or a new series of files. Rejects with EpicsError if the IOC cannot see the folder.
   */
  async open(name: string): Promise<DataKeys> {
    const uid = newUid();
    const folder = this.#parts.path(name);
    const isWindows = !posix.isAbsolute(folder);
    if (isWindows && !win32.isAbsolute(folder))
      throw new UsageError(`${name} cannot write to ${folder}: the IOC needs an absolute path`);
    const file = `${name.replace(/[^A-Za-z0-9_-]/g, "_")}_${uid.slice(0, 8)}`;
    const framesPerChunk = (await this.hdf5?.prepare()) ?? 1;
    const attributes = (await this.attributes?.prepare()) ?? [];
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
    this.#uri = `${this.#folderUri(folder, isWindows)}${this.#format.file(file)}`;
    const { shape, numpy } = await frameShape(this.#driver);
    const image = `${name}-image`;
    const parameters = { ...this.#format.parameters(file), chunk_shape: [framesPerChunk, ...shape] };
    this.#streams = [{ uid, key: image, parameters }, ...attributes.map(attributeStream)];
    const { source } = this.written;
    return {
      [image]: { source, dtype: "array", shape: [1, ...shape], external: "STREAM:", dtype_numpy: numpy },
      ...Object.fromEntries(attributes.map((attribute) => [attribute.name, attributeKey(attribute, source)])),
    };
  }

  /** The frames are on the disk before the documents that name them are given. */
  async *documents(start: number, stop: number): AsyncGenerator<StreamAsset, void, void> {
    await this.hdf5?.flushNow.set(1);
    if (start === 0) {
      const { mimetype } = this.#format;
      const uri = this.#uri;
      for (const { uid, key, parameters } of this.#streams)
        yield ["stream_resource", { uid, data_key: key, mimetype, uri, parameters }];
    }
    for (const { uid } of this.#streams) {
      const seq_nums = { start: 0, stop: 0 };
      const indices = { start, stop };
      yield ["stream_datum", { uid: `${uid}/${start}`, stream_resource: uid, descriptor: "", indices, seq_nums }];
    }
  }

  /** Rejects if the plugin writes no frames: its IOC was restarted, or it has stopped by itself. */
  async checkCapturing(): Promise<void> {
    if ((await this.capture.getValue({ cached: false })) === 1) return;
    throw new EpicsError(
      `${this.name} writes no frames any more: its IOC was restarted, or it has stopped; start a new run`,
    );
  }

  async close(): Promise<void> {
    await this.capture.set(0);
    await waitForValue(this.capture, (on) => on === 0, { timeout: 10 });
  }

  /** The address of the folder in documents, with "/" at its end. */
  #folderUri(folder: string, isWindows: boolean): string {
    const { uri } = this.#parts;
    if (uri) return uri(folder).replace(/\/*$/, "/");
    const path = isWindows ? `/${folder.replaceAll("\\", "/")}` : folder;
    return pathToFileURL(`${path}/`).href.replace("file:///", "file://localhost/");
  }
}

const attributeStream = ({ name }: DescribedAttribute): FrameStream => ({
  uid: newUid(),
  key: name,
  parameters: { dataset: `/entry/instrument/NDAttributes/${name}`, chunk_shape: [ATTRIBUTES_PER_CHUNK] },
});

const attributeKey = ({ dtype, numpy, source }: DescribedAttribute, writer: string): DataKeys[string] => ({
  source: source ?? writer,
  dtype,
  shape: [1],
  external: "STREAM:",
  dtype_numpy: numpy,
});
