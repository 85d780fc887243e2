/** Generators of datainfos, of values that fit them, and of hostile JSON. */

import fc from "fast-check";
import type { Datainfo } from "../../lib/secop/values/datainfo";

/** A datainfo and a value. */
export interface TypedValue {
  /** The datainfo as a node declares it. */
  readonly json: unknown;
  readonly value: unknown;
}

const memberName = fc.oneof(
  fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/),
  fc.constantFrom("__proto__", "constructor", "then", "toString"),
);

const leaf: fc.Arbitrary<TypedValue> = fc.oneof(
  fc
    .record({
      limits: fc.tuple(
        fc.double({ noNaN: true, min: -1e300, max: 1e300 }),
        fc.double({ noNaN: true, min: -1e300, max: 1e300 }),
      ),
      at: fc.double({ noNaN: true, min: 0, max: 1 }),
    })
    .map(({ limits: [a, b], at }) => {
      const [min, max] = a < b ? [a, b] : [b, a];
      return { json: { type: "double", min, max }, value: Math.min(max, Math.max(min, min + (max - min) * at)) };
    }),
  fc
    .record({ digits: fc.integer({ min: 0, max: 6 }), raw: fc.integer({ min: -1_000_000, max: 1_000_000 }) })
    .map(({ digits, raw }) => ({
      json: { type: "scaled", scale: 1 / 10 ** digits, min: -1_000_000, max: 1_000_000 },
      value: raw / 10 ** digits,
    })),
  fc.maxSafeInteger().map((value) => ({
    json: { type: "int", min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
    value: value + 0,
  })),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((big) => ({
    json: { type: "int", min: -(2 ** 63), max: 2 ** 63 },
    value: Number.isSafeInteger(Number(big)) ? Number(big) : big,
  })),
  fc.boolean().map((value) => ({ json: { type: "bool" }, value })),
  fc
    .uniqueArray(fc.tuple(memberName, fc.integer({ min: -500, max: 500 })), {
      minLength: 1,
      maxLength: 6,
      selector: ([, code]) => code,
      comparator: "SameValue",
    })
    .map((entries) => {
      const names = new Map(entries);
      const [first] = names.keys();
      return { json: { type: "enum", members: Object.fromEntries(names) }, value: first };
    }),
  fc
    .string({ unit: "grapheme", maxLength: 20 })
    .filter((text) => !text.includes("\0"))
    .map((value) => ({ json: { type: "string", maxchars: [...value].length, isUTF8: true }, value })),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => ({ json: { type: "blob", maxbytes: 40 }, value: bytes })),
);

/** A datainfo with a value that fits it and is the same after its way to a node and back. */
export const typedValue: fc.Arbitrary<TypedValue> = fc.letrec<{ any: TypedValue }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie("any"), { maxLength: 4 }).map((members) => ({
      json: { type: "tuple", members: members.map((m) => m.json) },
      value: members.map((m) => m.value),
    })),
    fc.uniqueArray(fc.tuple(memberName, tie("any")), { maxLength: 4, selector: ([name]) => name }).map((members) => ({
      json: { type: "struct", members: Object.fromEntries(members.map(([name, m]) => [name, m.json])) },
      value: Object.fromEntries(members.map(([name, m]) => [name, m.value])),
    })),
    fc.tuple(tie("any"), fc.integer({ min: 0, max: 4 })).map(([member, length]) => ({
      json: { type: "array", maxlen: 4, members: member.json },
      value: asArray(member.json as Datainfo, new Array(length).fill(member.value)),
    })),
  ),
})).any;

function asArray(member: Datainfo, values: unknown[]): unknown {
  if (member.type === "double" || member.type === "scaled") return Float64Array.from(values as number[]);
  if (member.type !== "int" || (member.max ?? 0) > Number.MAX_SAFE_INTEGER) return values;
  return Float64Array.from(values as number[]);
}

const key = fc.oneof(
  fc.string(),
  fc.constantFrom("__proto__", "constructor", "prototype", "type", "members", "min", "max", "modules", "accessibles"),
  fc.constantFrom("datainfo", "scale", "optional", "names", "maxlen", "elementtype", "unit", "constant", "readonly"),
  fc.constantFrom("interface_classes", "features", "meaning", "visibility", "systems", "description", "equipment_id"),
);

/** JSON that resembles a description, but violates the spec. */
export const hostileJson: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 6 },
    fc.jsonValue(),
    fc.constantFrom(
      "double",
      "scaled",
      "int",
      "enum",
      "string",
      "blob",
      "array",
      "tuple",
      "struct",
      "matrix",
      "command",
    ),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 2n ** 70n, -0, "<img onerror=alert(1)>", "*/ process.exit()"),
    fc.array(tie("any"), { maxLength: 5 }),
    fc.array(fc.tuple(key, tie("any")), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
  ),
})).any;
