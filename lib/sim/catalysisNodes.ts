/** Two simulated nodes that make up a catalysis experiment: gases come from one, the reactor cell is the other. */
import { gasModules } from "./modules/gasModules";
import { reactorModules } from "./modules/reactorModules";
import { runNode, type SimNode, type SimNodeOptions } from "./startSimNode";

const IDENTITY = "ISSE&SINE2020,SECoP,V2019-09-16,v1.0";

/** A gas dosing unit: mass flow controllers `helium`, `hydrogen`, `oxygen` (ml/min) and `gas`, which runs recipes on them. */
export function startGasDosing(options: SimNodeOptions = {}): Promise<SimNode> {
  const description = {
    equipment_id: "gas_dosing.secop-lab",
    description: "Simulated gas dosing\n\nThree mass flow controllers and a unit that runs stored recipes on them.",
    firmware: "secop-lab simulator",
    timeout: 10,
  };
  return runNode({ modules: gasModules(["helium", "hydrogen", "oxygen"]), description, identity: IDENTITY }, options);
}

/** A reactor cell: `regulation` drives its furnace along a ramp (degC, K/min), `sample` is the thermometer in the catalyst bed. */
export function startReactorCell(options: SimNodeOptions = {}): Promise<SimNode> {
  const description = {
    equipment_id: "reactor_cell.secop-lab",
    description: "Simulated reactor cell\n\nA furnace up to 800 degC and the thermometer in the catalyst bed.",
    firmware: "secop-lab simulator",
    timeout: 10,
  };
  return runNode({ modules: reactorModules(), description, identity: IDENTITY }, options);
}
