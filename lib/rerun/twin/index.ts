/** Twins in the place of the nodes of this process. */

export { ProcessTwin } from "./processTwin";
export { currentSimulation, type RunningSimulation, type SimulationOptions, startSimulation } from "./simulation";
