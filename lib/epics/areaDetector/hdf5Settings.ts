/** What the HDF5 plugin of an areaDetector needs besides the settings of every file plugin. */

// Source: documentation of ADCore, NDFileHDF5.

import type { SignalRW } from "../../core/signal/signal";
import { EpicsDevice } from "../signal/epicsDevice";
import { numberSetting, textSetting, writtenNumber } from "./areaDetectorSettings";

/** The settings of an HDF5 plugin (NDFileHDF5). */
export class Hdf5Settings extends EpicsDevice {
  /** How many frames are in a chunk of the file. 0 before the first file of the IOC. */
  readonly numFramesChunks: SignalRW<number> = numberSetting(this, "NumFramesChunks");
  /** Whether a chunk has the height and width of a frame. */
  readonly chunkSizeAuto: SignalRW<number> = numberSetting(this, "ChunkSizeAuto");
  /** How many dimensions frames are arranged in besides their number. */
  readonly numExtraDims: SignalRW<number> = numberSetting(this, "NumExtraDims");
  /** Whether the file is made when its first frame arrives, so that the plugin knows the size of frames. */
  readonly lazyOpen: SignalRW<number> = numberSetting(this, "LazyOpen");
  /** Whether the file can be read while it is written. */
  readonly swmrMode: SignalRW<number> = numberSetting(this, "SWMRMode");
  /** A file that describes the layout of the HDF5 file; the usual layout if empty. */
  readonly xmlFileName: SignalRW<string> = textSetting(this, "XMLFileName");
  /** Setting 1 writes what is in memory to the disk. */
  readonly flushNow: SignalRW<number> = writtenNumber(this, "FlushNow");

  /** Sets everything but the paths. Resolves with the number of frames in a chunk. */
  async prepare(): Promise<number> {
    let framesPerChunk = await this.numFramesChunks.getValue({ cached: false });
    if (framesPerChunk === 0) {
      framesPerChunk = 1;
      await this.numFramesChunks.set(framesPerChunk);
    }
    await Promise.all([
      this.chunkSizeAuto.set(1),
      this.numExtraDims.set(0),
      this.lazyOpen.set(1),
      this.swmrMode.set(1),
      this.xmlFileName.set(""),
    ]);
    return framesPerChunk;
  }
}
