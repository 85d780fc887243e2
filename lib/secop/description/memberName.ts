// Names of modules and accessibles as members of JavaScript objects: one rule for devices and for class files.

/**
 * Names a member cannot have: what JavaScript gives every object, what would make an object awaitable, and every public
 * member of the node and module devices, old and future ones included as far as they can be foreseen.
 */
const RESERVED = new Set([
  ...["__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__", "__proto__"],
  ...["constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "prototype"],
  ...["toJSON", "toLocaleString", "toString", "valueOf"],
  ...["catch", "finally", "then"],
  ...["adopt", "children", "connect", "dispose", "name", "parent", "release", "setName"],
  ...["describe", "describeConfiguration", "hints", "read", "readConfiguration", "stage", "unstage"],
  ...["addReadables", "formatOf", "readErrorPolicy", "restoreFormats", "setFormat"],
  ...["checkValue", "clearSub", "collect", "collectAssetDocs", "complete", "configure", "describeCollect"],
  ...["expectedDuration", "getIndex"],
  ...["kickoff", "locate", "pause", "prepare", "resume", "rewindable", "set", "stop", "stopOnExit", "subscribe"],
  ...["trigger", "waitForIdle"],
  ...["accessibles", "classFromInstance", "client", "description", "module", "modules", "node", "problems"],
  ...["properties", "state", "state$", "uri"],
]);

/**
 * The member under which each name of a set is reached: the name itself, as on the wire (`_x` stays `_x`), or, where that is
 * reserved, the name with as many `_` after it as it takes to be free. The set is all modules of a node, or all accessibles of a module.
 */
export function memberNames(names: Iterable<string>): ReadonlyMap<string, string> {
  const all = [...names];
  const taken = new Set(all);
  const members = new Map<string, string>();
  for (const name of all) {
    let member = name;
    while (RESERVED.has(member) || (member !== name && taken.has(member))) member += "_";
    taken.add(member);
    members.set(name, member);
  }
  return members;
}

export const isReservedMember = (name: string): boolean => RESERVED.has(name);
