/** What a class file keeps of a module's description: all that is needed to compare it with the live node. */

import type { Accessible, ModuleDescription } from "../secop/description/description";
import { codecFor } from "../secop/values/codecFor";
import type { Datainfo } from "../secop/values/datainfo";
import { formatJson } from "../secop/wire/json";

/** A module as JSON text, in the form of `describe`. Modules of equal shape give equal texts. */
export function shapeJson(module: ModuleDescription): string {
  const accessibles = Array.from(module.accessibles.values(), (a): [string, unknown] => [a.name, accessibleJson(a)]);
  return formatJson({
    interface_classes: module.interface_classes,
    ...(module.acquisition_channels && { acquisition_channels: Object.fromEntries(module.acquisition_channels) }),
    accessibles: Object.fromEntries(accessibles),
  });
}

function accessibleJson(accessible: Accessible): object {
  if (accessible.kind === "command") {
    const { argument, result } = accessible;
    const types = {
      ...(argument && { argument: datainfoJson(argument) }),
      ...(result && { result: datainfoJson(result) }),
    };
    return { datainfo: { type: "command", ...types } };
  }
  const { datainfo, readonly } = accessible;
  const constant = constantJson(accessible.datainfo, accessible.constant);
  const format = accessible.properties.get("_signal_format");
  return {
    datainfo: datainfoJson(datainfo),
    readonly,
    ...(constant !== undefined && { constant }),
    ...(typeof format === "string" && { _signal_format: format }),
  };
}

/** A datainfo without the content of unknown types, which may be anything. */
function datainfoJson(info: Datainfo): unknown {
  switch (info.type) {
    case "unknown":
      return { type: "unknown" };
    case "array":
      return { ...info, members: datainfoJson(info.members) };
    case "tuple":
      return { ...info, members: info.members.map(datainfoJson) };
    case "struct": {
      const members = Object.entries(info.members).map(([name, member]) => [name, datainfoJson(member)] as const);
      return { ...info, members: Object.fromEntries(members) };
    }
    default:
      return info;
  }
}

/** A constant as on the wire; undefined if its own datainfo forbids it. */
function constantJson(info: Datainfo, value: unknown): unknown {
  if (value === undefined || info.type === "unknown") return undefined;
  try {
    return codecFor(info).encode(value);
  } catch {
    return undefined;
  }
}
