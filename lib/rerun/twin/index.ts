/**
 * Runs simulated twins inside this process instead of connecting to its nodes, for a user who does not have
 * the hardware.
 *
 * This chapter uses `format`, and lib/sim for the simulated node. Begin reading with `simulation`;
 * `processTwin` is one running twin, and lib/sim/twin defines what it is made of and how it behaves.
 */

export { ProcessTwin } from "./processTwin";
export { currentSimulation, type RunningSimulation, type SimulationOptions, startSimulation } from "./simulation";
