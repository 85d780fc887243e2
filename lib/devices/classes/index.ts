/**
 * A device class for each interface class of SECoP: Readable, Writable, Drivable, Communicator and those that
 * acquire.
 *
 * It may use module/ and moving/. Begin with readableDevice.ts, writableDevice.ts and drivableDevice.ts, each
 * of which extends the one before; makeModule.ts chooses the class of a module.
 */

export {
  AcquisitionChannelDevice,
  AcquisitionControllerDevice,
  AcquisitionDevice,
  type AcquisitionGoals,
} from "./acquisition";
export { CommunicatorDevice } from "./communicatorDevice";
export { DrivableDevice } from "./drivableDevice";
export type { ModuleClass, ModuleTable } from "./makeModule";
export { ReadableDevice } from "./readableDevice";
export { WritableDevice } from "./writableDevice";
