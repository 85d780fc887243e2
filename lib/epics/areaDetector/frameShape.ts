/** The shape and the pixels of the frames of an areaDetector, as they are in its files. */

// Source: documentation of ADCore, NDArray: the dimensions of each colour mode, the fastest one first.

import { EpicsError } from "../epicsError";
import type { AreaDetectorDriver } from "./areaDetectorDriver";

/** Frames of one size. */
export interface FrameShape {
  /** The slowest dimension first, as numpy and HDF5 have it. */
  readonly shape: readonly number[];
  /** numpy's name of the type of pixels, for example `<u2`. */
  readonly numpy: string;
}

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

const COLORS = 3;
/** Where the three colours are in the shape of a frame. */
const COLOR_SHAPES: Readonly<Record<string, (plane: readonly number[]) => readonly number[]>> = {
  Mono: (plane) => plane,
  // A pixel of a Bayer pattern has one colour, so that the frame is a plane.
  Bayer: (plane) => plane,
  RGB1: (plane) => [...plane, COLORS],
  RGB2: (plane) => [...plane.slice(0, -1), COLORS, ...plane.slice(-1)],
  RGB3: (plane) => [COLORS, ...plane],
};

/**
 * Asks the camera for the shape of its next frames. Rejects with EpicsError for colours and pixels that
 * documents cannot describe.
 */
export async function frameShape(driver: AreaDetectorDriver): Promise<FrameShape> {
  const fresh = { cached: false };
  const [depth, height, width, pixels, colors] = await Promise.all([
    driver.sizeZ.getValue(fresh),
    driver.sizeY.getValue(fresh),
    driver.sizeX.getValue(fresh),
    driver.dataType.getValue(fresh),
    driver.colorMode.getValue(fresh),
  ]);
  const numpy = PIXELS[pixels];
  if (numpy === undefined)
    throw new EpicsError(`${driver.name} has pixels of the type "${pixels}", which cannot be described`);
  const arrange = COLOR_SHAPES[colors];
  if (!arrange)
    throw new EpicsError(
      `${driver.name} takes frames with the colours ${colors}: set its ColorMode to one of ${Object.keys(COLOR_SHAPES).join(", ")}`,
    );
  // A driver may give the number of colours as the third size.
  const isVolume = colors === "Mono" && depth > 0;
  return { shape: arrange(isVolume ? [depth, height, width] : [height, width]), numpy };
}
