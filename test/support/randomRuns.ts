/** Random runs with values of every kind, for tests of exporters and readers. */

import { randomUUID } from "node:crypto";
import fc from "fast-check";
import type { DataKey, Document } from "../../lib/engine/documents/documents";

type Row = Record<string, unknown>;
type Keys = Record<string, DataKey>;

/** The streams of a run as they were measured. */
export interface RandomRun {
  readonly uid: string;
  readonly documents: readonly Document[];
  readonly streams: Readonly<Record<string, { readonly keys: Keys; readonly rows: readonly Row[] }>>;
}

const key = (dtype: DataKey["dtype"], more: Partial<DataKey> = {}): DataKey => ({
  source: "SIM:x",
  dtype,
  shape: [],
  ...more,
});
const array = (shape: (number | null)[], numpy?: DataKey["dtype_numpy"]): DataKey =>
  key("array", { shape, ...(numpy !== undefined && { dtype_numpy: numpy }) });

/** Data keys with names that clash after cleaning, in lower case, or with the columns of every table. */
const KEYS: Keys = {
  T: key("number", { units: "Å⁻¹·µm" }),
  time: key("number"),
  seq_num: key("integer"),
  "a-b": key("number"),
  a_b: key("number"),
  A: key("integer"),
  a: key("integer"),
  big: key("integer"),
  unsigned: key("integer"),
  odd: key("integer"),
  on: key("boolean"),
  mode: key("string"),
  gap: key("number"),
  'µ/x"y': key("number"),
  spectrum: array([3]),
  counts: array([2], "<i8"),
  bytes: array([20], "|u1"),
  ragged: array([null]),
  longer: array([20]),
  square: array([2, 2]),
  flags: array([2], "|b1"),
  words: array([2], "<U9"),
  raw: key("string"),
  state: key("string", {
    choices: ["IDLE", "RAMPING"],
    SECOP_datainfo: '{"type":"enum","members":{"IDLE":100,"RAMPING":370}}',
  }),
  huge: array([2], "<u8"),
  single: array([18], "<f4"),
  empty: array([null], "<i8"),
  none: array([0]),
  maybe: array([null], "|b1"),
  nested: array(
    [],
    [
      [
        "inner",
        [
          ["x", "<f8"],
          ["on", "|b1"],
        ] as never,
      ],
      ["list", "<i8", [2]] as never,
    ],
  ),
  point: array(
    [],
    [
      ["x", "<f8"],
      ["n", "<i8"],
    ],
  ),
};

const list = <T>(item: fc.Arbitrary<T>, length: number) => fc.array(item, { minLength: length, maxLength: length });
const integer = fc.oneof(fc.integer(), fc.maxSafeInteger());
/** An integer as it is read: a bigint where a number would lose digits. */
const exact = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value);
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(exact);
const number = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY, 1e21, 2 ** 60));

const ROW: fc.Arbitrary<Row> = fc.record(
  {
    T: number,
    time: number,
    seq_num: integer,
    "a-b": number,
    a_b: number,
    A: integer,
    a: integer,
    big: int64,
    unsigned: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(exact),
    odd: fc.oneof(integer, fc.constant(0.5)),
    on: fc.boolean(),
    mode: fc.string({ unit: "grapheme" }),
    gap: number,
    'µ/x"y': number,
    spectrum: list(number, 3),
    counts: list(int64, 2),
    bytes: list(fc.integer({ min: 0, max: 255 }), 20),
    ragged: fc.array(number, { maxLength: 4 }),
    longer: fc.array(number, { minLength: 19, maxLength: 21 }),
    square: list(list(number, 2), 2),
    flags: list(fc.boolean(), 2),
    words: list(fc.string({ unit: "grapheme", maxLength: 5 }), 2),
    raw: fc.string({ unit: "binary" }).map((text) => `${text}\ud800\0`),
    state: fc.constantFrom("IDLE", "RAMPING"),
    huge: list(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(exact), 2),
    single: list(fc.float(), 18),
    empty: fc.array(int64, { maxLength: 2 }),
    none: fc.constant([]),
    maybe: fc.array(fc.boolean(), { maxLength: 3 }),
    nested: fc.record({ inner: fc.record({ x: number, on: fc.boolean() }), list: list(integer, 2) }),
    point: fc.record({ x: number, n: integer }),
  },
  { requiredKeys: Object.keys(KEYS).filter((name) => name !== "gap") as never },
);

/** A run with a baseline, a monitor and points; half of the runs have their events in pages. */
export const randomRun: fc.Arbitrary<RandomRun> = fc
  .record({
    rows: fc.array(ROW, { minLength: 1, maxLength: 12 }),
    baseline: list(ROW, 2),
    monitored: fc.array(fc.record({ T: number }), { minLength: 1, maxLength: 20 }),
    paged: fc.boolean(),
    time: fc.constantFrom(1795000000, 0, 253402300799, 4e9),
  })
  .map(({ rows, baseline, monitored, paged, time }) => {
    const streams = {
      baseline: { keys: KEYS, rows: baseline },
      T_monitor: { keys: { T: key("number", { units: "°C" }) }, rows: monitored },
      primary: { keys: KEYS, rows },
    };
    const uid = randomUUID();
    return { uid, streams, documents: documentsOf(uid, time, streams, paged) };
  });

function documentsOf(uid: string, time: number, streams: RandomRun["streams"], paged: boolean): Document[] {
  const start = { uid, time, scan_id: 1, plan_name: "scan", plan_type: "generator", sample: { name: "Pt" } };
  const documents: Document[] = [{ name: "start", doc: start }];
  const num_events: Record<string, number> = {};
  for (const [name, { keys, rows }] of Object.entries(streams)) {
    const descriptor = randomUUID();
    const described = { uid: descriptor, time, run_start: uid, name, data_keys: keys, hints: {}, configuration: {} };
    documents.push({ name: "descriptor", doc: { ...described, object_keys: { x: Object.keys(keys) } } });
    const events = rows.map((data, i) => ({
      uid: randomUUID(),
      time: time + i,
      descriptor,
      seq_num: i + 1,
      data: data as never,
      timestamps: Object.fromEntries(Object.keys(data).map((each) => [each, time + i + 0.25])),
      filled: {},
    }));
    num_events[name] = rows.length;
    if (paged) documents.push({ name: "event_page", doc: pageOf(events, Object.keys(keys)) });
    else for (const doc of events) documents.push({ name: "event", doc });
  }
  const ended = { uid: randomUUID(), time: time + 100, run_start: uid, exit_status: "success", reason: "" } as const;
  return [...documents, { name: "stop", doc: { ...ended, num_events } }];
}

type PagedEvent = Extract<Document, { name: "event" }>["doc"];

function pageOf(events: readonly PagedEvent[], keys: readonly string[]) {
  const columns = (of: "data" | "timestamps") =>
    Object.fromEntries(keys.map((each) => [each, events.map((event) => event[of][each] ?? null)]));
  return {
    uid: events.map((event) => event.uid),
    time: events.map((event) => event.time),
    seq_num: events.map((event) => event.seq_num),
    descriptor: events[0]?.descriptor ?? "",
    data: columns("data") as never,
    timestamps: columns("timestamps") as never,
    filled: {},
  };
}
