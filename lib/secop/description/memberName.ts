/** The names of modules, accessibles and properties on the client, for devices and class files alike. */

import { isPredefined } from "./rules/index";

/**
 * Names that a member cannot have: members of every JavaScript object, those that would make an object
 * awaitable, and all public members of node and module devices, including those that older versions had and
 * foreseeable future ones.
 */
const RESERVED = new Set([
  ...["__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "__proto__"],
  ...["constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "prototype"],
  ...["toJSON", "toLocaleString", "toString", "valueOf"],
  ...["catch", "finally", "then"],
  ...["adopt", "children", "connect", "dispose", "existingChildren", "name", "parent", "release", "setName"],
  ...["describe", "describeConfiguration", "hints", "read", "readConfiguration", "stage", "unstage"],
  ...["addReadables", "formatOf", "readErrorPolicy", "restoreFormats", "setFormat"],
  ...["checkValue", "clearSub", "collect", "collectAssetDocs", "complete", "configure", "describeCollect"],
  ...["arrival", "expectedDuration", "getIndex", "settleTime"],
  ...["kickoff", "locate", "lostConnection", "pause", "pingConnection", "prepare", "resume", "rewindable"],
  ...["onDisconnect", "set", "stop", "stopOnExit", "subscribe"],
  ...["trigger", "waitForIdle"],
  ...["accessibles", "classFromInstance", "client", "description", "module", "modules", "node", "problems"],
  ...["properties", "state", "state$", "uri"],
]);

/** The names of an accessible, module or property on the client. */
export interface MemberName {
  /** In data keys, settings and displays: the name on the wire, without the `_` of a custom name. */
  readonly key: string;
  /** As a property of its device: the key, with `_` after it if the device itself uses that name. */
  readonly member: string;
}

/** The names of all accessibles, modules or properties of a device, by their names on the wire. */
export type MemberNames = ReadonlyMap<string, MemberName>;

/** The names of all accessibles of a module. `_maxpower` becomes `maxpower`, but `_goal` stays as it is. */
export const accessibleNames = (names: Iterable<string>): MemberNames => namesOf([...names], isPredefined);

/** The names of all modules of a node. No name of a module is predefined. */
export const moduleNames = (names: Iterable<string>): MemberNames => namesOf([...names], () => false);

/** The names of properties. They avoid the names of accessibles or modules in `others`. */
export function propertyNames(names: Iterable<string>, others: MemberNames): MemberNames {
  const keys = new Set(Array.from(others.values(), ({ key }) => key));
  const members = new Set(Array.from(others.values(), ({ member }) => member));
  return new Map(
    Array.from(names, (name): [string, MemberName] => {
      const key = freed(name, (candidate) => keys.has(candidate));
      const member = freed(key, (candidate) => RESERVED.has(candidate) || members.has(candidate));
      keys.add(key);
      members.add(member);
      return [name, { key, member }];
    }),
  );
}

function namesOf(all: readonly string[], isPredefined: (name: string) => boolean): MemberNames {
  const keys = new Set(all);
  const bare = (name: string): string => {
    const rest = name.slice(1);
    const isBare = name.startsWith("_") && IDENTIFIER.test(rest) && !keys.has(rest) && !isPredefined(rest);
    if (isBare) keys.add(rest);
    return isBare ? rest : name;
  };
  const named = all.map((name) => [name, bare(name)] as const);
  const taken = new Set(named.map(([, key]) => key));
  const names = new Map<string, MemberName>();
  for (const [name, key] of named) {
    const member = RESERVED.has(key) ? freed(`${key}_`, (one) => RESERVED.has(one) || taken.has(one)) : key;
    taken.add(member);
    names.set(name, { key, member });
  }
  return names;
}

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The name, with as many `_` after it as it takes to find one that is not taken. */
function freed(name: string, isTaken: (name: string) => boolean): string {
  let free = name;
  while (isTaken(free)) free += "_";
  return free;
}

/** Whether a device itself uses this name, so that no member can have it. */
export const isReservedMember = (name: string): boolean => RESERVED.has(name);
