/** Two simulated nodes that form a catalysis experiment: one doses gases, the other is the reactor cell. */

import { gasModules } from "./modules/gasModules";
import { reactorModules } from "./modules/reactorModules";
import { IDENTITIES } from "./node/identities";
import { runNode, type SimNode, type SimNodeOptions } from "./runNode";

/**
 * Starts a gas dosing unit: mass flow controllers `helium`, `hydrogen`, `oxygen` (ml/min), and `gas`, which
 * runs recipes.
 */
export function startGasDosing(options: SimNodeOptions = {}): Promise<SimNode> {
  const description = {
    equipment_id: "gas_dosing.secop-lab",
    description: "Simulated gas dosing\n\nThree mass flow controllers and a unit that runs stored recipes on them.",
    firmware: "secop-lab simulator",
    timeout: 10,
  };
  return runNode(
    { modules: gasModules(["helium", "hydrogen", "oxygen"]), description, identity: IDENTITIES["1.1"] },
    options,
  );
}

/**
 * Starts a reactor cell: `regulation` ramps its furnace (degC, K/min), `sample` is the thermometer in the
 * catalyst bed.
 */
export function startReactorCell(options: SimNodeOptions = {}): Promise<SimNode> {
  const description = {
    equipment_id: "reactor_cell.secop-lab",
    description: "Simulated reactor cell\n\nA furnace up to 800 degC and the thermometer in the catalyst bed.",
    firmware: "secop-lab simulator",
    timeout: 10,
  };
  return runNode({ modules: reactorModules(), description, identity: IDENTITIES["1.1"] }, options);
}
