/**
 * Names of modules and accessibles as members of JavaScript objects: one rule for devices and class files.
 */

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
 * The member for each name of a set, which is all modules of a node or all accessibles of a module. It is the
 * name itself, as on the wire (`_x` stays `_x`). A reserved name gets as many `_` after it as it needs to be
 * free.
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
