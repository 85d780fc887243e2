/** Finds the sensors of a node that follow a regulated module, from its description alone. */

import type { ModuleDescription, NodeDescription } from "../../secop/description/description";
import { datainfoUnit } from "../../secop/values/datainfoUnit";
import { IDENTITY } from "./followerNumber";
import type { NodeBehaviour } from "./moduleBehaviour";

/** The ending of the `meaning` of a module that regulates its quantity, and does not only measure it. */
const REGULATION = "_regulation";

/**
 * A module follows another one if, by their `meaning` and units, it measures the quantity that only the other
 * one regulates. All other modules are independent, because a description does not say more.
 */
export function describedBehaviour({ modules }: NodeDescription): NodeBehaviour {
  const all = [...modules.values()];
  const behaviours = all.map((module) => {
    const leader = leaderOf(module, all);
    const follows = new Map(
      leader ? [["value", { leader: `${leader.name}:value`, lag: 0, ...IDENTITY }] as const] : [],
    );
    const nothing = { start: new Map(), noise: new Map(), commands: new Map(), refusals: new Map() };
    return [module.name, { ...nothing, follows }] as const;
  });
  return { modules: new Map(behaviours) };
}

function leaderOf(sensor: ModuleDescription, all: readonly ModuleDescription[]): ModuleDescription | undefined {
  const quantity = sensor.meaning?.function;
  if (quantity === undefined || quantity.endsWith(REGULATION) || sensor.accessibles.has("target")) return undefined;
  const unit = unitOf(sensor);
  const [leader, ...others] = all.filter(
    (module) => module.meaning?.function === `${quantity}${REGULATION}` && module.accessibles.has("target"),
  );
  return unit !== undefined && leader && others.length === 0 && unitOf(leader) === unit ? leader : undefined;
}

/** The unit of a value that is a number; undefined for others. */
function unitOf({ accessibles }: ModuleDescription): string | undefined {
  const value = accessibles.get("value");
  if (value?.kind !== "parameter" || !/^(?:double|scaled|int)$/.test(value.datainfo.type)) return undefined;
  return datainfoUnit(value.datainfo);
}
