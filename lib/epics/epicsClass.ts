/** Writes the TypeScript class file of an IOC, from a database file or a list of PVs. */

import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { deviceClassText } from "../codegen/deviceClassText";
import { classFilePath, plainFileName } from "../codegen/generateClasses";
import { nodeClassName } from "../codegen/nodeClass";
import { docComment, memberKey, stringLiteral } from "../codegen/sourceText";
import { writeClassFile } from "../codegen/writeClassFile";
import { errorText, UsageError } from "../errors";
import { checkOptions } from "../options";
import { oneLine } from "../printable";
import { type DbMacros, type DbRecord, parseDatabase } from "./db/dbFile";
import { memberOf, type PvMember } from "./db/recordTypes";
import { pvAddress } from "./link/pvAddress";
import { askedMembers } from "./listedPvs";
import { EpicsDevice } from "./signal/epicsDevice";

/** The PVs of an IOC, and the path of its class file. */
export interface EpicsClassOptions {
  /**
   * The database file (`.db`, `.template`, `.vdb`), or a text file with the name of a PV on each line, as
   * `dbl` prints them. The types of listed PVs are requested from the IOC, which has to run.
   */
  readonly db: string;
  /** Values of macros in the database. Those at the beginning of a name stand for the prefix by default. */
  readonly macros?: DbMacros;
  /** Directory of the class file; default `./devices/`. */
  readonly dir?: string;
  /** File name, or a path if it has a directory in it. Default: made of the prefix. */
  readonly file?: string;
}

/**
 * Writes a class file with a typed member for each record whose name begins with the prefix, and resolves to
 * its path: `await generateEpicsClass("ca://BL:PSU:", { db: "psu.db", file: "psu" })` writes
 * `./devices/psu.ts` with the class `PsuNode`. A motor record becomes an `EpicsMotor`; a record `X` with a
 * record `X_RBV` one signal. In an existing class file, only the part between the marks is replaced.
 *
 * Rejects with a UsageError if the file is not a database or has no such record, and with an EpicsError if a
 * listed PV is not found.
 */
export async function generateEpicsClass(prefix: string, options: EpicsClassOptions): Promise<string> {
  checkOptions("generateEpicsClass", options, { db: true, macros: true, dir: true, file: true });
  const { protocol, name } = pvAddress(prefix);
  const members = await membersOf(protocol, name, options);
  const own = plainFileName(name.replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, ""), "ioc");
  const path = classFilePath(options.file ?? own, options.dir);
  await writeClassFile(path, classText(`${protocol}://${name}`, members, nodeClassName(basename(path, ".ts"))));
  return path;
}

async function membersOf(
  protocol: "ca" | "pva",
  prefix: string,
  { db, macros }: EpicsClassOptions,
): Promise<PvMember[]> {
  const text = await readFile(db, "utf8").catch((cause: unknown) => {
    throw new UsageError(`cannot read ${db}: ${errorText(cause)}`, { cause });
  });
  if (!/^\s*g?record\s*\(/m.test(text)) {
    const names = text.split("\n").flatMap((line) => line.trim().split(/[\s,]/)[0] || []);
    return await askedMembers(protocol, suffixes(names, prefix, db), prefix);
  }
  const records = parseDatabase(text, macros).map((record) => ({ record, name: placed(record, prefix) }));
  const known = new Map(records.map(({ record, name }) => [name, record]));
  const members: PvMember[] = [];
  for (const suffix of suffixes([...known.keys()], prefix, db)) {
    const record = known.get(prefix + suffix);
    if (!record) continue;
    const member = memberOf(record, suffix);
    const setter = suffix.endsWith(RBV) && known.get(prefix + suffix.slice(0, -RBV.length));
    // A readback is a part of the member that it reads back.
    if (setter && memberOf(setter, "").kind === "readWrite") continue;
    const hasReadback = member.kind === "readWrite" && known.has(prefix + suffix + RBV);
    members.push(
      protocol === "ca" && member.isLongText ? { ...member, suffix: `${suffix}.VAL$` } : { ...member, hasReadback },
    );
  }
  return members;
}

const RBV = "_RBV";

/** The suffixes of the names that begin with the prefix. @throws UsageError if there is none. */
function suffixes(names: readonly string[], prefix: string, db: string): readonly string[] {
  const found = names.filter((name) => name.startsWith(prefix) && name.length > prefix.length && !/\s/.test(name));
  if (found.length > 0) return found.map((name) => name.slice(prefix.length));
  const some = names.slice(0, 3).map((name) => oneLine(name, 60));
  throw new UsageError(`no record in ${db} begins with ${prefix}: it has ${some.join(", ") || "none"}`);
}

/** The name of a record, in which macros without a value at its beginning stand for the prefix. */
function placed({ name }: DbRecord, prefix: string): string {
  const whole = name.replace(/^(?:\$\(\w+\)|\$\{\w+\})+/, () => prefix);
  const [macro] = /\$\(\w+\)|\$\{\w+\}/.exec(whole) ?? [];
  if (macro === undefined) return whole;
  const key = macro.slice(2, -1);
  throw new UsageError(
    `the record ${oneLine(name, 100)} has no value for ${oneLine(key, 60)}: give it by --macros ${oneLine(key, 60)}=...`,
  );
}

/** The text of the class; every text of the database is a string literal or a part of a comment. */
function classText(prefix: string, members: readonly PvMember[], className: string): string {
  const uses = new Set<string>();
  const taken = new Set<string>();
  const probe = new EpicsDevice(prefix);
  const readings: string[] = [];
  const lines = members.flatMap((member) => {
    const key = keyOf(member.suffix, (name) => name in probe || taken.has(name));
    taken.add(key);
    if (member.isReading) readings.push(`this.${memberKey(key)}`);
    return [...docComment(member.doc, "  "), `  readonly ${memberKey(key)} = ${memberText(member, uses)};`];
  });
  return deviceClassText({
    className,
    base: "EpicsDevice",
    doc: `The PVs of an IOC that begin with ${prefix}.`,
    address: { argument: "prefix", value: prefix },
    uses,
    members: lines,
    setUp: readings.length > 0 ? [`    this.addReadables([${readings.join(", ")}]);`] : [],
  });
}

/** A suffix as an identifier: `CURR:SET` is `CURR_SET`. */
function keyOf(suffix: string, isTaken: (name: string) => boolean): string {
  const plain = suffix.replace(/\.VAL\$$/, "").replace(/[^A-Za-z0-9_$]/g, "_");
  let key = /^[0-9]/.test(plain) ? `_${plain}` : plain;
  while (isTaken(key)) key += "_";
  return key;
}

function memberText({ kind, suffix, datatype, hasReadback }: PvMember, uses: Set<string>): string {
  const pv = `this.pv(${stringLiteral(suffix)})`;
  if (kind === "motor") {
    uses.add("EpicsMotor");
    return `new EpicsMotor(${pv})`;
  }
  if (kind === "trigger") {
    uses.add("epicsSignalX");
    return `epicsSignalX(this.pv(${stringLiteral(`${suffix}.PROC`)}))`;
  }
  const make = kind === "read" ? "epicsSignalR" : hasReadback ? "epicsSignalRwRbv" : "epicsSignalRw";
  uses.add(make);
  if (datatype === "EpicsImage") uses.add("EpicsImage");
  const type =
    typeof datatype === "string" ? datatype : `[${datatype.map((choice) => stringLiteral(choice)).join(", ")}]`;
  return `${make}(${type}, ${pv})`;
}
