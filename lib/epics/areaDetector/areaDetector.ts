/** An areaDetector camera with its file plugin, as a detector that writes files. */

import type { Hints } from "../../core/protocols/protocols";
import type { PathProvider } from "../../core/standard/pathProvider";
import { StandardDetector } from "../../core/standard/standardDetector";
import { checkOptions, type OptionNames } from "../../options";
import { AreaDetectorDriver, type TriggerModes } from "./areaDetectorDriver";
import { AreaDetectorWriter, type FrameFormat } from "./areaDetectorWriter";
import { AttributeSettings } from "./attributeSettings";
import type { FrameAttribute } from "./frameAttributes";

/** Options of an area detector. */
export interface AreaDetectorOptions {
  /** Default: the name that `initDevices` or the parent gives. */
  readonly name?: string;
  /** The folder of the files as the IOC sees it, absolute, or a function that returns it for each run. */
  readonly dir: string | PathProvider;
  /**
   * The address of that folder in documents, if their readers reach it elsewhere: `"file://nfs/data"`, or a
   * function that makes the address from the folder. Default: the folder on `localhost`.
   */
  readonly uri?: string | ((folder: string) => string);
  /** Default `hdf5`: one file for each run. `tiff` and `jpeg` write one for each frame. */
  readonly format?: FrameFormat;
  /** The suffix of the driver's PVs. Default `cam1:`. */
  readonly driver?: string;
  /** The suffix of the file plugin's PVs. Default `HDF1:`, `TIFF1:` or `JPEG1:`. */
  readonly file?: string;
  /** The states of TriggerMode by their numbers; default `{ internal: 0 }`. */
  readonly triggerModes?: TriggerModes;
  /**
   * Values that the IOC records with each frame of an HDF5 file ("NDAttributes"), which then have keys and
   * documents of their own; `true` for those that the IOC has set at the driver. Default: none.
   */
  readonly attributes?: readonly FrameAttribute[] | true;
}

const OPTIONS: OptionNames<AreaDetectorOptions> = {
  name: true,
  dir: true,
  uri: true,
  format: true,
  driver: true,
  file: true,
  triggerModes: true,
  attributes: true,
};

/**
 * A camera of areaDetector: `new AreaDetector("BL:CAM:", { dir: "/data/today" })`. In a step scan it takes a
 * frame at each point, in a fly scan as many as `prepare` says. The frames are in a file that the IOC writes;
 * the run has `stream_resource` and `stream_datum` documents about it, which Tiled and bluesky's
 * consolidators read.
 */
export class AreaDetector extends StandardDetector {
  readonly driver: AreaDetectorDriver;
  readonly file: AreaDetectorWriter;

  constructor(prefix: string, options: AreaDetectorOptions) {
    checkOptions(new.target.name, options, OPTIONS);
    const { format = "hdf5", driver = "cam1:", dir, uri, attributes } = options;
    const camera = new AreaDetectorDriver(`${prefix}${driver}`, options.triggerModes);
    const writer = new AreaDetectorWriter(`${prefix}${options.file ?? FILE_SUFFIXES[format]}`, {
      format,
      driver: camera,
      path: typeof dir === "string" ? () => dir : dir,
      uri: typeof uri === "string" ? () => uri : uri,
      attributes: attributes && new AttributeSettings(prefix, driver, attributes),
    });
    super(
      {
        prepare: (info) => camera.prepare(info),
        acquire: async (frames) => {
          await writer.checkCapturing();
          await camera.acquire(frames);
        },
        stop: () => camera.stop(),
      },
      writer,
    );
    this.driver = camera;
    this.file = writer;
    this.addReadables([this.driver]);
    this.setName(options.name ?? "");
  }

  /** Displays show the frames, but not the values that are recorded with them. */
  override get hints(): Hints {
    const { fields = [], ...rest } = super.hints;
    const { recorded } = this.file;
    return { ...rest, fields: fields.filter((key) => !recorded.has(key)) };
  }
}

const FILE_SUFFIXES: Readonly<Record<FrameFormat, string>> = { hdf5: "HDF1:", tiff: "TIFF1:", jpeg: "JPEG1:" };
