/** An areaDetector camera with its file plugin, as a detector that writes files. */

import type { PathProvider } from "../../core/standard/pathProvider";
import { StandardDetector } from "../../core/standard/standardDetector";
import { AreaDetectorDriver, type TriggerModes } from "./areaDetectorDriver";
import { AreaDetectorWriter } from "./areaDetectorWriter";

/** Options of an area detector. */
export interface AreaDetectorOptions {
  /** Default: the name that `initDevices` or the parent gives. */
  readonly name?: string;
  /** The folder of the files as the IOC sees it, absolute, or a function that returns it for each run. */
  readonly dir: string | PathProvider;
  /** Default `hdf5`: one file a run. `tiff` writes a file a frame. */
  readonly format?: "hdf5" | "tiff";
  /** The suffix of the driver's PVs. Default `cam1:`. */
  readonly driver?: string;
  /** The suffix of the file plugin's PVs. Default `HDF1:` or `TIFF1:`. */
  readonly file?: string;
  /** The states of TriggerMode by their numbers; default `{ internal: 0 }`. */
  readonly triggerModes?: TriggerModes;
}

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
    const { format = "hdf5", driver = "cam1:", file = format === "tiff" ? "TIFF1:" : "HDF1:", dir } = options;
    const camera = new AreaDetectorDriver(`${prefix}${driver}`, options.triggerModes);
    const path = typeof dir === "string" ? () => dir : dir;
    const writer = new AreaDetectorWriter(`${prefix}${file}`, format, camera, path);
    super(camera, writer);
    this.driver = camera;
    this.file = writer;
    this.addReadables([this.driver]);
    this.setName(options.name ?? "");
  }
}
