import type { Command } from "./command";
import { ModuleDevice } from "./moduleDevice";

/** A module that passes messages to what is connected to it. */
export class CommunicatorDevice extends ModuleDevice {
  declare readonly communicate: Command<string, string>;
}
