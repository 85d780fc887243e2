/** Values that an areaDetector records with each frame ("NDAttributes"), and the XML that lists them. */

// Source: documentation of ADCore, "NDAttributes" of asynNDArrayDriver and NDFileHDF5.

import { UsageError } from "../../errors";
import { EpicsError } from "../epicsError";

/** How a value is stored: a double, a 32-bit integer, or a text of up to 40 characters. */
export type FrameAttributeType = "number" | "integer" | "string";

/** A value that the IOC records with each frame: of a PV, or of a parameter of the camera or a plugin. */
export interface FrameAttribute {
  /** The key of the value in documents, and the name of its dataset in the file. */
  readonly name: string;
  /** The PV over Channel Access whose value is recorded. Give either this or `parameter`. */
  readonly pv?: string;
  /** The name of the parameter in the driver, for example `ACQ_TIME`; `TOTAL` of the plugin `Stats1:`. */
  readonly parameter?: string;
  /** Default `number`. */
  readonly type?: FrameAttributeType;
  /** The suffix of the plugin that adds the value, for example `Stats1:`. Default: the driver. */
  readonly plugin?: string;
  /** A text that is written into the file beside the value. */
  readonly description?: string;
}

/** An attribute as documents describe it. */
export interface DescribedAttribute {
  readonly name: string;
  readonly dtype: "number" | "integer" | "string";
  /** numpy's name of the type, for example `<f8`. */
  readonly numpy: string;
  /** The address of the PV; undefined for a parameter. */
  readonly source: string | undefined;
}

/** The names of the types in the XML: for PVs, and for parameters. */
const XML_TYPES: Readonly<Record<FrameAttributeType, { readonly pv: string; readonly parameter: string }>> = {
  number: { pv: "DBR_DOUBLE", parameter: "DOUBLE" },
  integer: { pv: "DBR_LONG", parameter: "INT" },
  string: { pv: "DBR_STRING", parameter: "STRING" },
};

/** numpy's names of the types in the XML. */
const NUMPY: Readonly<Record<string, string>> = {
  DBR_STRING: "|S40",
  DBR_CHAR: "|i1",
  DBR_SHORT: "<i2",
  DBR_ENUM: "<i2",
  DBR_INT: "<i2",
  DBR_LONG: "<i4",
  DBR_FLOAT: "<f4",
  DBR_DOUBLE: "<f8",
  INT: "<i4",
  INT64: "<i8",
  DOUBLE: "<f8",
  STRING: "|S40",
};

/**
 * The XML that makes the driver, or a plugin, record these values.
 *
 * @throws UsageError for an attribute that has not exactly one source, or a name that the file cannot have.
 */
export function frameAttributesXml(attributes: readonly FrameAttribute[]): string {
  return `<Attributes>${attributes.map(attributeXml).join("")}</Attributes>`;
}

function attributeXml({ name, pv, parameter, type = "number", description = "" }: FrameAttribute): string {
  if (!/^[\w.:-]+$/.test(name))
    throw new UsageError(`a value of a frame cannot be named ${JSON.stringify(name)}: use letters, digits, _ . : -`);
  const source = pv ?? parameter;
  if (source === undefined || (pv !== undefined && parameter !== undefined))
    throw new UsageError(`the value ${name} of a frame needs either a pv or a parameter`);
  const types = XML_TYPES[type];
  if (!types) throw new UsageError(`the value ${name} of a frame is "number", "integer" or "string", not ${type}`);
  const facts =
    pv === undefined
      ? { name, type: "PARAM", source, datatype: types.parameter, description }
      : { name, type: "EPICS_PV", source: source.replace(/^ca:\/\//, ""), dbrtype: types.pv, description };
  return `<Attribute ${Object.entries(facts)
    .map(([key, value]) => `${key}="${escaped(value)}"`)
    .join(" ")}/>`;
}

/**
 * The attributes that are listed in the XML of a driver or a plugin. Empty if `xml` is the name of a file,
 * which only the IOC can read.
 *
 * @throws EpicsError for a type that documents cannot describe.
 */
export function describedAttributes(xml: string): readonly DescribedAttribute[] {
  if (!xml.includes("<Attributes>")) return [];
  return [...xml.replace(/<!--.*?-->/gs, "").matchAll(/<Attribute\s([^>]*)>/g)].map(([, text = ""]) => {
    const facts = new Map(
      [...text.matchAll(/([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, key = "", double, single]) => [
        key,
        unescaped(double ?? single ?? ""),
      ]),
    );
    const name = facts.get("name") ?? "";
    const isPv = (facts.get("type") ?? "EPICS_PV") === "EPICS_PV";
    const type = isPv ? (facts.get("dbrtype") ?? "DBR_NATIVE") : (facts.get("datatype") ?? "INT");
    const numpy = NUMPY[type];
    if (numpy === undefined)
      throw new EpicsError(
        `the value ${name} of a frame has the type ${type}, which documents cannot describe: name its type in the XML`,
      );
    const dtype = numpy.startsWith("|S") ? "string" : numpy.includes("f") ? "number" : "integer";
    return { name, dtype, numpy, source: isPv ? `ca://${facts.get("source") ?? ""}` : undefined };
  });
}

const ENTITIES: readonly (readonly [string, string])[] = [
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&apos;"],
];

const escaped = (text: string): string => ENTITIES.reduce((now, [sign, entity]) => now.replaceAll(sign, entity), text);

const unescaped = (text: string): string =>
  ENTITIES.toReversed().reduce((now, [sign, entity]) => now.replaceAll(entity, sign), text);
