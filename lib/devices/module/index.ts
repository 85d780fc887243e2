/**
 * One module of a SEC node: its parameters as signals, its commands as plans, and its display.
 *
 * It may use secop/, core/ and codegen/, but no other chapter of this folder. Begin with moduleDevice.ts,
 * which makes the members; moduleHandle.ts is what all of them share, parameterBackend.ts reads and sets a
 * parameter, and checkChange.ts refuses a value before it is sent.
 */

export type { Command, Command0, CommandOptions } from "./command";
export { type AccessibleMember, ModuleDevice } from "./moduleDevice";
