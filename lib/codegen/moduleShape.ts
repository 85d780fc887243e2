/** The part of a description that a class file keeps, to be compared with the live node. */

import { formatJson } from "../json";
import type { Accessible, ModuleDescription } from "../secop/description/description";
import { moduleProperties } from "../secop/description/properties";
import { codecFor } from "../secop/values/codecFor";
import type { Datainfo } from "../secop/values/datainfo";

/**
 * A module as JSON text, in the form of `describe`, with a line for each accessible. Modules of equal shape
 * give equal texts.
 */
export function shapeJson(module: ModuleDescription): string {
  const { interface_classes, acquisition_channels } = module;
  const head = {
    interface_classes,
    ...(acquisition_channels && { acquisition_channels: Object.fromEntries(acquisition_channels) }),
  };
  const accessibles = Array.from(module.accessibles.values(), (a) => entry(a.name, accessibleJson(a)));
  return `{${entries(head).join(",")},"accessibles":{\n${accessibles.join(",\n")}}}`;
}

/** The properties of a module that are not part of its shape, as JSON text with a line for each. */
export function ownPropertiesJson(module: ModuleDescription): string {
  const {
    interface_classes: _classes,
    acquisition_channels: _channels,
    ...own
  } = Object.fromEntries(moduleProperties(module));
  return propertiesJson(own);
}

/** Properties as JSON text, with a line for each. */
export function propertiesJson(properties: object): string {
  return `{\n${entries(properties).join(",\n")}}`;
}

const entry = (name: string, value: unknown): string => `${formatJson(name)}:${formatJson(value)}`;
const entries = (object: object): string[] => Object.entries(object).map(([name, value]) => entry(name, value));

function accessibleJson(accessible: Accessible): object {
  if (accessible.kind === "command") {
    const { argument, result } = accessible;
    const types = {
      ...(argument && { argument: datainfoJson(argument) }),
      ...(result && { result: datainfoJson(result) }),
    };
    // The device shows the description of a command before it is connected.
    return { description: accessible.description, datainfo: { type: "command", ...types } };
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
