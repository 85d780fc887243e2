/** The default simulated node, for tutorials, tests and work without hardware. */

import { UsageError } from "../errors";
import { checkOptions, type OptionNames } from "../options";
import { cameraModule } from "./modules/cameraModule";
import { cryostatModules } from "./modules/cryostatModules";
import { faultyModule } from "./modules/faultyModule";
import { gasModules } from "./modules/gasModules";
import { magnetModule } from "./modules/magnetModule";
import { typesModule } from "./modules/typesModule";
import { IDENTITIES } from "./node/identities";
import type { JsonObject, ModuleFactory } from "./node/moduleDefinition";
import { runNode, SIM_NODE_OPTIONS, type SimNode, type SimNodeOptions } from "./runNode";

/** The options of `startSimNode`. */
export interface DefaultNodeOptions extends SimNodeOptions {
  /**
   * "2.0" adds `camera`, an acquisition with a matrix, which SECoP 1.x clients like frappy refuse. Default
   * "1.1".
   */
  readonly version?: "1.1" | "2.0";
  /** Names of the modules. Default: all but `faulty`, whose parameter `_broken` cannot be read. */
  readonly modules?: readonly string[];
}

const DEFAULT_NODE_OPTIONS: OptionNames<DefaultNodeOptions> = { ...SIM_NODE_OPTIONS, version: true, modules: true };
/** The module that the node has only if it is requested by name. */
const ON_REQUEST = "faulty";

const PROPERTIES: JsonObject = {
  equipment_id: "demo",
  description:
    "Simulated sample environment\n\nA cryostat, a magnet and a gas dosing unit that behave, and one parameter of every type.",
  firmware: "secop-lab simulator",
  timeout: 10,
};

const CRYOSTAT = {
  description: "cryostat with heater and sample thermometer",
  system: "cryostat",
  modules: { temperature_regulation: "cryo", heater: "heater", temperature: "sensor" },
} as const;

/**
 * Starts the default node with the modules `cryo`, `heater`, `sensor`, `magnet`, `gas`, `argon`, `oxygen` and
 * `types`. Rejects with a UsageError if the port is taken.
 */
export async function startSimNode(options: DefaultNodeOptions = {}): Promise<SimNode> {
  checkOptions("startSimNode", options, DEFAULT_NODE_OPTIONS);
  const { version = "1.1", modules: wanted, ...others } = options;
  const all: [string, ModuleFactory][] = [
    ...cryostatModules(),
    ["magnet", magnetModule],
    ...gasModules(["oxygen", "argon"]),
    ["types", typesModule],
    ...(version === "2.0" ? [["camera", cameraModule] satisfies [string, ModuleFactory]] : []),
    [ON_REQUEST, faultyModule],
  ];
  const unknown = wanted?.filter((one) => !all.some(([name]) => name === one)) ?? [];
  if (unknown.length > 0) {
    throw new UsageError(
      `the simulated node has no module ${unknown.join(", ")}: it has ${all.map(([n]) => n).join(", ")}`,
    );
  }
  const modules = all.filter(([name]) => (wanted ? wanted.includes(name) : name !== ON_REQUEST));
  const present = new Set(modules.map(([name]) => name));
  const whole = Object.values(CRYOSTAT.modules).every((name) => present.has(name));
  const description = whole ? { ...PROPERTIES, systems: { cryostat: CRYOSTAT } } : PROPERTIES;
  return runNode({ modules, description, identity: IDENTITIES[version] }, others);
}
