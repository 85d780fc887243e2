/**
 * SECoP nodes and modules as devices.
 *
 * It may use secop/ (the protocol), core/ (signals and devices) and codegen/ (class files). Begin with
 * node/typedNode.ts. From the bottom up: module/ has parameters and commands, moving/ waits for ends of
 * movements, classes/ has a device class for each interface class, and node/ has the whole node.
 */

export type { LogLevel } from "../log";
/**
 * A class file imports these names from "secop-lab". The generator in lib/codegen and these classes must
 * agree on them:
 * - `TypedNode`: the class of the node extends it and has the static members `equipmentId: string`,
 * `propertiesJson: string`, `table: ModuleTable` and `classFile: string`, and one `declare readonly <member>`
 * for each property and each module
 * - `ModuleTable`: rows `[module name, module class, module JSON as in a describe message, properties?]`. The
 *   properties in a row are JSON and replace those of the module, so that modules of one shape share its JSON
 * - one base class per interface class: `ModuleDevice` (none known), `CommunicatorDevice`,
 *   `ReadableDevice<V>`, `WritableDevice<V, T = V>`, `DrivableDevice<V, T = V>`,
 *   `AcquisitionControllerDevice<R>`, `AcquisitionChannelDevice<V>`, `AcquisitionDevice<V>`, where V is the
 *   type of `value`, T that of `target` and R has the roles of the channels; their members are `declare
 *   readonly`
 * - `SignalR<T>`, `SignalRW<T>` (types only) for parameters; `Command<A, R = void>`, `Command0<R = void>`
 *   (types only) for commands
 *
 * Members have the names that lib/secop/description/memberName.ts gives to modules, accessibles and
 * properties. `new X(uri, options)` of a class file is a `SecopNodeDevice`; `new SecopNodeDevice(uri)` has
 * untyped members.
 */
export {
  AcquisitionChannelDevice,
  AcquisitionControllerDevice,
  AcquisitionDevice,
  type AcquisitionGoals,
  CommunicatorDevice,
  DrivableDevice,
  type ModuleClass,
  type ModuleTable,
  ReadableDevice,
  WritableDevice,
} from "./classes/index";
export { type AccessibleMember, type Command, type Command0, type CommandOptions, ModuleDevice } from "./module/index";
export { type DynamicNode, type NodeOptions, SecopNodeDevice, TypedNode } from "./node/index";
