import { Buffer } from "node:buffer";

/**
 * A second judge of descriptions, independent of ours, that says only whether one is valid.
 *
 * It has the facts of SECoP's YAML definitions (the SECoP repository's `schema/`: kind and type of every
 * property, data info, accessible and interface class, and whether it is mandatory) and of the sentences of
 * the specification, as tables over the raw JSON. It shares no code with the library.
 */
type Json = Readonly<Record<string, unknown>>;
type Test = (value: unknown) => boolean;

const isObject = (v: unknown): v is Json => typeof v === "object" && v !== null && !Array.isArray(v);
const text: Test = (v) => typeof v === "string";
const number: Test = (v) => typeof v === "number";
const int: Test = (v) => Number.isInteger(v);
const count: Test = (v) => Number.isInteger(v) && (v as number) >= 0;
const flag: Test = (v) => typeof v === "boolean";
const oneOf =
  (...values: readonly unknown[]): Test =>
  (v) =>
    values.includes(v);
const list =
  (member: Test): Test =>
  (v) =>
    Array.isArray(v) && v.every(member);
const map =
  (member: Test): Test =>
  (v) =>
    isObject(v) && Object.values(v).every(member);
const name: Test = (v) => typeof v === "string" && /^[a-z_][a-z0-9_]{0,62}$/i.test(v);
const distinct = (names: readonly string[]) => new Set(names.map((n) => n.toLowerCase())).size === names.length;
const names: Test = (v) => isObject(v) && Object.keys(v).every(name) && distinct(Object.keys(v));

interface Shape {
  readonly need: Readonly<Record<string, Test>>;
  readonly may?: Readonly<Record<string, Test>>;
  readonly and?: (value: Json) => boolean;
}

function has(value: Json, { need, may = {}, and = () => true }: Shape): boolean {
  const isRight = ([key, test]: [string, Test]) => Object.hasOwn(value, key) && test(value[key]);
  const absentOrRight = ([key, test]: [string, Test]) => !Object.hasOwn(value, key) || test(value[key]);
  return Object.entries(need).every(isRight) && Object.entries(may).every(absentOrRight) && and(value);
}

/** The same, and every other key begins with "_". */
const isCustomBut = (value: Json, { need, may = {} }: Shape) =>
  Object.keys(value).every((key) => key.startsWith("_") || Object.hasOwn({ ...need, ...may }, key));

const ordered =
  (low: string, high: string) =>
  (info: Json): boolean =>
    !(Number(info[low]) > Number(info[high]));
/** The examples of SECoP 1.1 limit lengths by min and max, its text and its definitions do not. */
const lengths =
  (low: string, high: string) =>
  (info: Json): boolean =>
    ordered(low, high)(info) && !Object.hasOwn(info, "min") && !Object.hasOwn(info, "max");
const unit: Test = (v) => typeof v === "string" && !v.includes("$");
const format: Test = (v) => typeof v === "string" && /^%\.([1-9]?[0-9])[efg]$/.test(v);
const resolution = { absolute_resolution: number, relative_resolution: number };

const DATAINFO: Readonly<Record<string, Shape>> = {
  double: {
    need: {},
    may: { min: number, max: number, unit, fmtstr: format, ...resolution },
    and: ordered("min", "max"),
  },
  scaled: {
    need: { scale: (v) => typeof v === "number" && v > 0, min: int, max: int },
    may: { unit, fmtstr: format, ...resolution },
    and: ordered("min", "max"),
  },
  int: { need: { min: int, max: int }, may: { unit, fmtstr: format }, and: ordered("min", "max") },
  bool: { need: {} },
  enum: {
    need: { members: map(int) },
    and: ({ members }) => {
      const codes = Object.values(members as Json);
      return codes.length > 0 && new Set(codes).size === codes.length && distinct(Object.keys(members as Json));
    },
  },
  string: { need: {}, may: { minchars: count, maxchars: count, isUTF8: flag }, and: ordered("minchars", "maxchars") },
  blob: { need: { maxbytes: count }, may: { minbytes: count }, and: lengths("minbytes", "maxbytes") },
  array: { need: { members: isValue, maxlen: count }, may: { minlen: count }, and: lengths("minlen", "maxlen") },
  tuple: { need: { members: list(isValue) } },
  struct: {
    need: { members: (v) => names(v) && map(isValue)(v) },
    may: { optional: list(text) },
    and: ({ members, optional = [] }) => (optional as string[]).every((o) => Object.hasOwn(members as Json, o)),
  },
  matrix: {
    need: {
      names: list(text),
      maxlen: list(count),
      elementtype: (v) => typeof v === "string" && /^[<>][iuf][1248]$/.test(v) && !v.endsWith("f1"),
    },
    and: (info) => (info.names as []).length === (info.maxlen as []).length && !Object.hasOwn(info, "compression"),
  },
};

function isValue(info: unknown): boolean {
  return (
    isObject(info) && Object.hasOwn(DATAINFO, String(info.type)) && has(info, DATAINFO[String(info.type)] as Shape)
  );
}

/** Whether a value on the wire is of a type. */
function isOf(info: Json, value: unknown): boolean {
  const within = (n: unknown, low: unknown, high: unknown) => !(Number(n) < Number(low)) && !(Number(n) > Number(high));
  const members = info.members as never;
  switch (info.type) {
    case "double":
      return number(value) && within(value, info.min, info.max);
    case "int":
    case "scaled":
      return int(value) && within(value, info.min, info.max);
    case "bool":
      return flag(value);
    case "enum":
      return Object.values(members).includes(value as never);
    case "string":
      return (
        typeof value === "string" &&
        within([...value].length, info.minchars, info.maxchars) &&
        (info.isUTF8 === true || [...value].every((c) => c < "\u0080")) &&
        !value.includes("\0")
      );
    case "blob":
      return (
        typeof value === "string" &&
        Buffer.from(value, "base64").toString("base64") === value &&
        within(Buffer.from(value, "base64").length, info.minbytes, info.maxbytes)
      );
    case "array":
      return (
        Array.isArray(value) && within(value.length, info.minlen, info.maxlen) && value.every((v) => isOf(members, v))
      );
    case "tuple":
      return (
        Array.isArray(value) && value.length === (members as []).length && value.every((v, i) => isOf(members[i], v))
      );
    case "struct": {
      const optional = (info.optional ?? []) as string[];
      const fits = ([key, member]: [string, Json]) =>
        Object.hasOwn(value as Json, key) ? isOf(member, (value as Json)[key]) : optional.includes(key);
      return (
        isObject(value) &&
        Object.keys(value).every((key) => Object.hasOwn(members, key)) &&
        Object.entries<Json>(members).every(fits)
      );
    }
    default:
      return false;
  }
}

const nullOr =
  (test: Test): Test =>
  (v) =>
    v === null || test(v);
const isCommandInfo: Test = (v) =>
  isObject(v) &&
  v.type === "command" &&
  has(v, { need: {}, may: { argument: nullOr(isValue), result: nullOr(isValue) } });

const FUNCTIONS =
  "temperature magneticfield electricfield pressure rotation_z humidity viscosity flowrate concentration ph conductivity voltage surfacepressure stress strain shear level heliumlevel";
const isFunction: Test = (v) =>
  typeof v === "string" && (v.startsWith("_") || FUNCTIONS.split(" ").includes(v.replace(/_regulation$/, "")));
const isImportance: Test = (v) => Number.isInteger(v) && (v as number) >= 0 && (v as number) <= 50;
const isMeaning: Test = (v) => {
  if (Array.isArray(v)) return isFunction(v[0]) && isImportance(v[1]);
  const shape = { function: isFunction, importance: isImportance, belongs_to: text, link: text, key: text };
  if (!isObject(v) || !has(v, { need: {}, may: shape })) return false;
  const given = (key: string) => Object.hasOwn(v, key);
  if (!given("function") && (!given("link") || given("importance") || given("belongs_to"))) return false;
  return given("link") || !given("key");
};
const isVisibility = oneOf(
  ...["user", "advanced", "expert"],
  ...["www", "wwr", "ww-", "wrr", "wr-", "w--", "rrr", "rr-", "r--", "---"],
);

const PARAMETER: Shape = {
  need: { description: text, datainfo: isValue, readonly: flag },
  may: { group: text, visibility: isVisibility, meaning: isMeaning, checkable: flag, constant: () => true },
};
const COMMAND: Shape = {
  need: { description: text, datainfo: isCommandInfo },
  may: { group: text, visibility: isVisibility, meaning: isMeaning, checkable: flag },
};
const MODULE: Shape = {
  need: { description: text, interface_classes: list(text), accessibles: names },
  may: {
    ...{ features: list(text), implementation: text, implementor: text, group: text },
    ...{ visibility: isVisibility, meaning: isMeaning, acquisition_channels: map(text) },
  },
};
const NODE: Shape = {
  need: { equipment_id: text, description: text, modules: names },
  may: {
    ...{ firmware: text, implementor: text, timeout: (v) => typeof v === "number" && v > 0 },
    ...{ systems: names, schemata: list((v) => typeof v === "string" && URL.canParse(v)) },
  },
};
const SYSTEM: Shape = { need: { description: text, system: text, modules: map(text) } };

type Info = { readonly type?: string; readonly members?: unknown };
const typed =
  (...types: readonly string[]) =>
  (info: Info) =>
    types.includes(String(info.type));
const numeric = typed("double", "int", "scaled");
const pair = (test: (info: Info) => boolean) => (info: Info) =>
  info.type === "tuple" && (info.members as Info[]).length === 2 && (info.members as Info[]).every(test);
const codes = (info: Info | undefined) =>
  info?.type === "enum" ? Object.values(info.members as Json).map(Number) : [];
const isStatus = (info: Info) => {
  const members = info.type === "tuple" ? (info.members as Info[]) : [];
  const [state, words] = members;
  return (
    members.length === 2 &&
    state?.type === "enum" &&
    words?.type === "string" &&
    codes(state).every((c) => c >= 0 && c <= 499)
  );
};
const any = () => true;

/** Type, and whether it is read-only (undefined: either). */
const PARAMETERS: Readonly<Record<string, readonly [(info: Info) => boolean, boolean?]>> = {
  value: [any, true],
  status: [isStatus, true],
  target: [any, false],
  pollinterval: [typed("double")],
  ramp: [numeric, false],
  setpoint: [any, true],
  time_to_target: [numeric, true],
  mode: [typed("enum")],
  offset: [numeric],
  controlled_by: [(info) => info.type === "enum" && (info.members as Json).self === 0, true],
  control_active: [typed("bool"), true],
  target_limits: [pair(numeric)],
  goal: [any],
  roi: [(info) => info.type === "array" && pair(typed("int"))(info.members as Info)],
};
const BARE_COMMANDS = "stop go hold prepare shutdown reset clear_errors control_off".split(" ");
const TOLERATED = "unit loglevel use_ramp ctrlpars abort".split(" ");
const INTERFACES: Readonly<Record<string, string>> = {
  Communicator: "",
  Readable: "value status",
  Writable: "value status target",
  Drivable: "value status target stop",
  AcquisitionController: "status go",
  AcquisitionChannel: "value status",
  Acquisition: "value status go",
};

/** Whether a description is what SECoP 1.0, 1.1 and the 2.0 draft together allow. */
export function conforms(node: unknown): boolean {
  if (!isObject(node) || !has(node, NODE) || !isCustomBut(node, NODE)) return false;
  const modules = node.modules as Json;
  const systems = (node.systems ?? {}) as Json;
  const isThere: Test = (v) => Object.hasOwn(modules, String(v)) || Object.hasOwn(systems, String(v));
  const isSystem: Test = (v) => isObject(v) && has(v, SYSTEM) && Object.values(v.modules as Json).every(isThere);
  return (
    distinct([...Object.keys(modules), ...Object.keys(systems)]) &&
    Object.values(systems).every(isSystem) &&
    Object.values(modules).every((module) => isModule(module, modules))
  );
}

function isModule(module: unknown, modules: Json): boolean {
  if (!isObject(module) || !has(module, MODULE) || !isCustomBut(module, MODULE)) return false;
  const accessibles = module.accessibles as Json;
  return (
    isGroup(module.group, Object.keys(modules)) &&
    ((module.features ?? []) as string[]).every(
      (f) => f.startsWith("_") || (f === "HasOffset" && "offset" in accessibles),
    ) &&
    Object.entries(accessibles).every(([n, a]) => isAccessible(n, a, accessibles, Object.keys(modules))) &&
    isClassified(module, accessibles, modules)
  );
}

function isClassified(module: Json, accessibles: Json, modules: Json): boolean {
  const classes = module.interface_classes as string[];
  const channels = module.acquisition_channels as Json | undefined;
  const first = classes.find((c) => Object.hasOwn(INTERFACES, c));
  const isChannel: Test = (v) => {
    const channel = Object.hasOwn(modules, String(v)) ? modules[String(v)] : undefined;
    return (
      isObject(channel) &&
      Array.isArray(channel.interface_classes) &&
      channel.interface_classes.includes("AcquisitionChannel")
    );
  };
  if (classes.includes("AcquisitionController") !== (channels !== undefined)) return false;
  if (channels && !Object.values(channels).every(isChannel)) return false;
  if (classes.length === 0) return true;
  const last = classes.at(-1) ?? "";
  if (first === undefined || !Object.hasOwn(INTERFACES, last)) return false;
  if (["AcquisitionChannel", "Acquisition"].includes(first) && last !== "Readable") return false;
  const wanted = (INTERFACES[first] ?? "").split(" ").filter(Boolean);
  if (!wanted.every((w) => Object.hasOwn(accessibles, w))) return false;
  if (first !== "Drivable") return true;
  const status = (accessibles.status as { datainfo?: { members?: Info[] } }).datainfo;
  return codes(status?.members?.[0]).some((c) => c >= 300 && c < 390);
}

function isAccessible(key: string, accessible: unknown, siblings: Json, modules: readonly string[]): boolean {
  if (!isObject(accessible)) return false;
  const info = accessible.datainfo;
  const isCommand = isObject(info) && info.type === "command";
  const shape = isCommand ? COMMAND : PARAMETER;
  if (!has(accessible, shape) || !isCustomBut(accessible, shape)) return false;
  if (!isGroup(accessible.group, [...modules, ...Object.keys(siblings)])) return false;
  if (Object.hasOwn(accessible, "constant")) {
    if (accessible.readonly !== true || !isOf(info as Json, accessible.constant)) return false;
  }
  if (Object.hasOwn(siblings, `${key}_limits`) && ["_min", "_max"].some((p) => Object.hasOwn(siblings, key + p)))
    return false;
  if (key.startsWith("_") || TOLERATED.includes(key)) return true;
  const { argument, result } = info as { argument?: Info; result?: Info };
  if (BARE_COMMANDS.includes(key)) return isCommand && !argument && !result;
  if (key === "communicate") return isCommand;
  if (key === "get_data") return isCommand && result?.type === "matrix";
  const [fits, readonly] = PARAMETERS[key] ?? postfixed(key, siblings) ?? [() => false];
  if (isCommand || !fits(info as Info)) return false;
  return readonly === undefined || accessible.readonly === readonly || (!readonly && accessible.constant !== undefined);
}

function postfixed(key: string, siblings: Json): readonly [(info: Info) => boolean, boolean?] | undefined {
  const [, base = "", postfix = ""] = /^(.+)_(min|max|limits|enable)$/.exec(key) ?? [];
  const about = Object.hasOwn(siblings, base) ? (siblings[base] as { datainfo?: Info }).datainfo : undefined;
  if (!about || about.type === "command") return undefined;
  if (postfix === "limits") return [pair(numeric)];
  if (postfix !== "enable") return [typed(String(about.type))];
  return [(info) => info.type === "bool" || (info.type === "enum" && codes(info).every((c) => c === 0 || c === 1))];
}

function isGroup(group: unknown, taken: readonly string[]): boolean {
  if (group === undefined) return true;
  const lower = taken.map((t) => t.toLowerCase());
  return String(group)
    .split(":")
    .every((part) => name(part) && !lower.includes(part.toLowerCase()));
}
