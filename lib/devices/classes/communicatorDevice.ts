/** The interface class Communicator as a device. */

import type { Command } from "../module/command";
import { ModuleDevice } from "../module/moduleDevice";

/** A module that sends messages to the hardware behind it and returns the answers. */
export class CommunicatorDevice extends ModuleDevice {
  declare readonly communicate: Command<string, string>;
}
