/** The settings of an areaDetector that say which values its IOC records with each frame. */

import { Device } from "../../core/device/device";
import { DeviceVector } from "../../core/device/deviceVector";
import type { SignalRW } from "../../core/signal/signal";
import { epicsSignalRw } from "../signal/epicsSignal";
import {
  type DescribedAttribute,
  describedAttributes,
  type FrameAttribute,
  frameAttributesXml,
} from "./frameAttributes";

/** The values that are recorded with each frame: those that are given, or those that the IOC has set. */
export class AttributeSettings extends Device {
  /** The XML of the driver, then that of each plugin (NDAttributesFile). */
  readonly files: DeviceVector<SignalRW<string>>;
  /** What is set before frames are taken; undefined where the IOC's own is used. */
  readonly #texts: readonly (string | undefined)[];

  /**
   * @param prefix the prefix of the detector, before the suffixes of the driver and its plugins.
   * @param attributes true for those that the IOC has set at the driver.
   */
  constructor(prefix: string, driver: string, attributes: readonly FrameAttribute[] | true) {
    super();
    const given = attributes === true ? [] : attributes;
    const suffixes = [...new Set([driver, ...given.map(({ plugin = driver }) => plugin)])];
    const signal = (suffix: string) => epicsSignalRw(String, `${prefix}${suffix}NDAttributesFile`);
    this.files = new DeviceVector<SignalRW<string>>(suffixes.map(signal));
    this.#texts = suffixes.map((suffix) =>
      attributes === true ? undefined : frameAttributesXml(given.filter(({ plugin = driver }) => plugin === suffix)),
    );
  }

  /** Sets the attributes that were given. Resolves with those that are recorded. */
  async prepare(): Promise<readonly DescribedAttribute[]> {
    const files = Array.from(this.files, ([, file]) => file);
    await Promise.all(
      files.map(async (file, i) => {
        const text = this.#texts[i];
        if (text !== undefined) await file.set(text);
      }),
    );
    const texts = await Promise.all(files.map((file) => file.getValue({ cached: false })));
    return texts.flatMap(describedAttributes);
  }
}
