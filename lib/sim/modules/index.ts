/**
 * The modules of the simulated nodes: their parameters and commands, and the hardware behind them.
 *
 * It may use node/ (definitions) and physics/ (hardware). Begin with magnetModule.ts for a module with
 * physics of its own; replicaModule.ts needs no physics, because it knows only the description of a real
 * node.
 */

export { cameraModule } from "./cameraModule";
export { cryostatModules } from "./cryostatModules";
export { faultyModule } from "./faultyModule";
export { gasModules } from "./gasModules";
export { magnetModule } from "./magnetModule";
export { reactorModules } from "./reactorModules";
export { replicaOf } from "./replicaOf";
export { typesModule } from "./typesModule";
