/**
 * A simulated SEC node without a network: modules with values, which are polled, checked and described.
 *
 * It may use secop/ (datainfo, codecs and JSON). Begin with moduleDefinition.ts, which is all that a module
 * has to define; simulatedNode.ts, simModule.ts and simParameter.ts bring it to life, and nodeClock.ts makes
 * its time pass.
 */

export type { JsonObject, ModuleDefinition, ModuleFactory, ModuleSelf, ParameterDefinition } from "./moduleDefinition";
export { startClock } from "./nodeClock";
export { SimulatedNode, type SimulatedNodeDefinition } from "./simulatedNode";
