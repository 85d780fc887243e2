/** Writes the TypeScript class file of a Tango device, with its attributes, commands and pipes as members. */

import { basename } from "node:path";
import { deviceClassText } from "../codegen/deviceClassText";
import { classFilePath, plainFileName } from "../codegen/generateClasses";
import { nodeClassName } from "../codegen/nodeClass";
import { docComment, memberKey, stringLiteral } from "../codegen/sourceText";
import { writeClassFile } from "../codegen/writeClassFile";
import { withDeadline } from "../core/status/deadline";
import { withWaitingLine } from "../display/waitingLine";
import { checkOptions } from "../options";
import { acquireProxy } from "./link/proxyPool";
import { parseDevice } from "./link/trl";
import { formatOfAttribute, TangoDevice } from "./tangoDevice";
import { TIMEOUT } from "./tangoSignalBackend";
import { attributeConversion, attributeDatatype, attributeUnit } from "./values/attributeConversion";
import { commandArgumentOf } from "./values/commandArgument";
import { type AttributeConfig, DEV_STATES, type TangoCommandInfo } from "./values/deviceIdl";
import type { PipeConfig } from "./values/pipeIdl";
import { rangeText } from "./values/valueText";

/** Where the class file of a Tango device is written. */
export interface TangoClassOptions {
  /** Directory of the class file; default `./devices/`. */
  readonly dir?: string;
  /** File name, or a path if it has a directory in it. Default: the last word of the device's name. */
  readonly file?: string;
}

/** What is known of the members of a device. */
interface DeviceMembers {
  readonly trl: string;
  readonly devClass: string;
  readonly attributes: readonly AttributeConfig[];
  readonly commands: readonly TangoCommandInfo[];
  readonly pipes: readonly PipeConfig[];
}

/**
 * Asks a Tango device for its attributes, commands and pipes, writes a class file with a typed member for
 * each, and resolves to its path: `await generateTangoClass("tango://host:10000/lab/psu/1", { file: "psu" })`
 * writes `./devices/psu.ts` with the class `PsuNode`. In an existing class file, only the part between the
 * marks is replaced.
 *
 * Rejects if the device does not answer, and with a UsageError if the path is taken by a file that was not
 * generated.
 */
export async function generateTangoClass(trl: string, options: TangoClassOptions = {}): Promise<string> {
  checkOptions("generateTangoClass", options, { dir: true, file: true });
  const members = await membersOf(trl);
  const own = parseDevice(trl).device.split("/").at(-1) ?? "";
  const path = classFilePath(options.file ?? plainFileName(own, "device"), options.dir);
  await writeClassFile(path, tangoClassText(members, nodeClassName(basename(path, ".ts"))));
  return path;
}

async function membersOf(trl: string): Promise<DeviceMembers> {
  const { item: proxy, release } = acquireProxy(parseDevice(trl));
  const ask = async (signal: AbortSignal): Promise<DeviceMembers> => {
    const call = { signal, what: `cannot ask ${trl} for its members` };
    const [info, attributes, commands, pipes] = await Promise.all([
      proxy.info(call),
      proxy.attributeConfigs(call),
      proxy.commands(call),
      proxy.pipeConfigs(call),
    ]);
    return { trl, devClass: info.value.dev_class, attributes: attributes.value, commands: commands.value, pipes };
  };
  try {
    const answer = () => withDeadline(ask, { timeout: TIMEOUT }, `${trl} to answer`);
    return await withWaitingLine(trl, answer, TIMEOUT);
  } finally {
    release();
  }
}

/** The text of the class; every text of the device is a string literal or a part of a comment. */
function tangoClassText({ trl, devClass, attributes, commands, pipes }: DeviceMembers, className: string): string {
  const uses = new Set<string>();
  const taken = new Set<string>();
  const probe = new TangoDevice(trl);
  const keyOf = (name: string) => {
    let key = name;
    while (key in probe || taken.has(key)) key += "_";
    taken.add(key);
    return key;
  };
  const lines: string[] = [];
  const readables = new Map<string, string[]>();
  for (const config of attributes) {
    const key = keyOf(config.name);
    lines.push(
      ...docComment(attributeDoc(config), "  "),
      `  readonly ${memberKey(key)} = ${attributeText(config, uses)};`,
    );
    const format = formatOfAttribute(config);
    if (format) readables.set(format, [...(readables.get(format) ?? []), memberAccess(key)]);
  }
  for (const info of commands) {
    if (info.cmd_name === "State" || info.cmd_name === "Status") continue;
    const text = commandText(info, uses);
    lines.push(...docComment(commandDoc(info), "  "), `  readonly ${memberKey(keyOf(info.cmd_name))} = ${text};`);
  }
  for (const { name, description } of pipes) {
    uses.add("tangoPipe");
    const doc = NO_TEXT.has(description) ? "" : description;
    lines.push(
      ...docComment(doc, "  "),
      `  readonly ${memberKey(keyOf(name))} = tangoPipe(this.member(${stringLiteral(name)}));`,
    );
  }
  return deviceClassText({
    className,
    base: "TangoDevice",
    doc: `A Tango device of the class ${devClass}.`,
    address: { argument: "trl", value: trl },
    uses,
    members: lines,
    setUp: [...readables].map(([format, members]) => `    this.addReadables([${members.join(", ")}], "${format}");`),
  });
}

const memberAccess = (key: string): string => {
  const text = memberKey(key);
  return text.startsWith('"') ? `this[${text}]` : `this.${text}`;
};

function attributeText(config: AttributeConfig, uses: Set<string>): string {
  const { name, writable } = config;
  const make = writable === "WRITE" ? "tangoSignalW" : writable === "READ_WRITE" ? "tangoSignalRw" : "tangoSignalR";
  uses.add(make);
  return `${make}(${datatypeText(attributeDatatype(config), uses)}, this.member(${stringLiteral(name)}))`;
}

/** The constructor of a command, with the types of its argument and result. */
function commandText({ cmd_name, in_type, out_type }: TangoCommandInfo, uses: Set<string>): string {
  uses.add("TangoCommand");
  const [argument, result] = [in_type, out_type].map((type) => commandArgumentOf(type));
  const types = [argument, result].map((one) => {
    if (one?.words === "nothing") return "undefined";
    return typeText(one?.datatypes[0], uses);
  });
  const given = [
    ...(argument?.datatypes.length ? [`argument: ${datatypeText(argument.datatypes[0], uses)}`] : []),
    ...(result?.datatypes.length ? [`result: ${datatypeText(result.datatypes[0], uses)}`] : []),
  ];
  const options = given.length > 0 ? `, { ${given.join(", ")} }` : "";
  return `new TangoCommand<${types.join(", ")}>(this.member(${stringLiteral(cmd_name)})${options})`;
}

/** A datatype as source text: `Float64Array`, `[String]`, `["off", "on"]`. */
function datatypeText(datatype: unknown, uses: Set<string>): string {
  if (datatype === DEV_STATES) {
    uses.add("DEV_STATES");
    return "DEV_STATES";
  }
  if (Array.isArray(datatype)) return `[${datatype.map((part) => datatypeText(part, uses)).join(", ")}]`;
  if (typeof datatype === "function") return datatype.name;
  return typeof datatype === "string" ? stringLiteral(datatype) : "null";
}

/** The TypeScript type of the values of a datatype. */
function typeText(datatype: unknown, uses: Set<string>): string {
  if (datatype === undefined) return "unknown";
  if (datatype === DEV_STATES) {
    uses.add("type DevState");
    return "DevState";
  }
  if (typeof datatype === "function") {
    const constructors = ["Number", "BigInt", "String", "Boolean"];
    return constructors.includes(datatype.name) ? datatype.name.toLowerCase() : datatype.name;
  }
  if (!Array.isArray(datatype)) return "unknown";
  if (typeof datatype[0] === "string") return datatype.map((choice) => stringLiteral(choice)).join(" | ");
  return `readonly ${parenthesized(typeText(datatype[0], uses))}[]`;
}

const parenthesized = (text: string): string => (/[ |]/.test(text) ? `(${text})` : text);

/** The descriptions that a device sends if its program gives none. */
const NO_TEXT: ReadonlySet<string> = new Set(["", "No description", "Uninitialised", "none"]);

function attributeDoc(config: AttributeConfig): string {
  const { limits } = attributeConversion(null, config, config.name).dataKey;
  const units = attributeUnit(config);
  const range = rangeText(limits?.control, units);
  const kept = config.memorized ? "memorised: its server sets it again when it is restarted" : "";
  const facts = [...(NO_TEXT.has(config.description) ? [] : [config.description]), range || units, kept];
  return facts.filter((fact) => fact !== "").join("; ");
}

function commandDoc({ in_type_desc, out_type_desc }: TangoCommandInfo): string {
  const texts = [
    ...(NO_TEXT.has(in_type_desc) ? [] : [`Takes: ${in_type_desc}`]),
    ...(NO_TEXT.has(out_type_desc) ? [] : [`Gives: ${out_type_desc}`]),
  ];
  return texts.join("\n");
}
