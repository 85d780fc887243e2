/** Finds a parameter or command by name; the error for a wrong name says which names exist. */

import { NoSuchCommandError, NoSuchModuleError, NoSuchParameterError } from "../../errors";
import type {
  Accessible,
  CommandDescription,
  ModuleDescription,
  NodeDescription,
  ParameterDescription,
} from "./description";

/** Throws NoSuchModuleError or NoSuchParameterError; `tried` begins the message. */
export function findParameter(
  node: NodeDescription,
  module: string,
  name: string,
  tried: string,
): ParameterDescription {
  const found = findModule(node, module, tried);
  const accessible = found.accessibles.get(name);
  if (accessible?.kind === "parameter") return accessible;
  const why = accessible
    ? `${name} is a command`
    : `${module} has no parameter "${name}"${suggestion(name, namesOf(found, "parameter"))}`;
  throw new NoSuchParameterError(`${tried}: ${why}`, { module, accessible: name });
}

/** Throws NoSuchModuleError or NoSuchCommandError; `tried` begins the message. */
export function findCommand(node: NodeDescription, module: string, name: string, tried: string): CommandDescription {
  const found = findModule(node, module, tried);
  const accessible = found.accessibles.get(name);
  if (accessible?.kind === "command") return accessible;
  const why = accessible
    ? `${name} is a parameter`
    : `${module} has no command "${name}"${suggestion(name, namesOf(found, "command"))}`;
  throw new NoSuchCommandError(`${tried}: ${why}`, { module, accessible: name });
}

/** Throws NoSuchModuleError, NoSuchParameterError or NoSuchCommandError; `tried` begins the message. */
export function findAccessible(node: NodeDescription, module: string, name: string, tried: string): Accessible {
  const isCommand = node.modules.get(module)?.accessibles.get(name)?.kind === "command";
  return isCommand ? findCommand(node, module, name, tried) : findParameter(node, module, name, tried);
}

function findModule(node: NodeDescription, name: string, tried: string): ModuleDescription {
  const module = node.modules.get(name);
  if (module) return module;
  const why = `the node has no module "${name}"${suggestion(name, [...node.modules.keys()])}`;
  throw new NoSuchModuleError(`${tried}: ${why}`, { module: name });
}

function namesOf(module: ModuleDescription, kind: "parameter" | "command"): string[] {
  return [...module.accessibles.values()].filter((a) => a.kind === kind).map((a) => a.name);
}

/** ", did you mean x?" or ", only a, b, c". */
function suggestion(name: string, names: readonly string[]): string {
  const plain = (text: string) => text.toLowerCase().replace(/^_/, "");
  const near = names.find((candidate) => isNear(plain(candidate), plain(name)));
  if (near !== undefined) return `, did you mean ${near}?`;
  if (names.length === 0) return "";
  return `, only ${names.slice(0, 12).join(", ")}${names.length > 12 ? ", ..." : ""}`;
}

/** Whether two names differ by one letter (more, less or another one), or only in the order of letters. */
function isNear(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let same = 0;
  while (same < short.length && short[same] === long[same]) same += 1;
  const rest = long.slice(same + 1);
  return rest === short.slice(same + 1) || rest === short.slice(same) || sorted(a) === sorted(b);
}

function sorted(text: string): string {
  return [...text].sort().join("");
}
