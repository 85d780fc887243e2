import type { Command } from "../module/command";
import { ModuleDevice } from "../module/moduleDevice";

/** A module that passes messages to what is connected to it. */
export class CommunicatorDevice extends ModuleDevice {
  declare readonly communicate: Command<string, string>;
}
