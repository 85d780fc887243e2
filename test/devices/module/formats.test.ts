import { expect } from "chai";
import type { Format } from "../../../lib/core/standard/standardReadable";
import type { DynamicNode } from "../../../lib/devices/node/secopNodeDevice";
import type { Event, EventDescriptor } from "../../../lib/engine/documents/documents";
import { makeRunEngine } from "../../../lib/engine/runEngine";
import { count } from "../../../lib/plans";
import { failure } from "../../support/failure";
import { quietEngine } from "../../support/quietEngine";
import { ScriptedNode } from "../../support/scriptedNode";
import { closeAll, connectTo } from "../connect";

const DOUBLE = { type: "double" };
const STATUS = {
  type: "tuple",
  members: [{ type: "enum", members: { IDLE: 100, BUSY: 300 } }, { type: "string" }],
};
const parameter = (datainfo: object, more: object = {}) => ({ description: "", datainfo, readonly: true, ...more });

/** A node with one module `m`. */
const describeModule = (interface_classes: readonly string[], accessibles: Record<string, object>) => ({
  equipment_id: "n",
  description: "",
  modules: { m: { description: "", interface_classes: interface_classes, accessibles } },
});

const accessible = {
  value: parameter(DOUBLE),
  status: parameter(STATUS),
  target: parameter(DOUBLE, { readonly: false }),
  ramp: parameter(DOUBLE, { readonly: false }),
};
const asked = (format: string) => parameter(DOUBLE, { _signal_format: format });

interface Rule {
  readonly what: string;
  readonly classes: readonly string[];
  readonly accessibles: Record<string, object>;
  readonly formats: Record<string, Format>;
}

const RULES: readonly Rule[] = [
  {
    what: "value of a Readable, hinted; anything else configuration, the status nothing",
    classes: ["Readable"],
    accessibles: accessible,
    formats: { value: "hinted", status: "omit", target: "config", ramp: "config" },
  },
  {
    what: "target of a Writable as configuration",
    classes: ["Writable", "Readable"],
    accessibles: accessible,
    formats: { value: "hinted", target: "config" },
  },
  {
    what: "value and target of a Drivable, hinted",
    classes: ["Drivable", "Readable"],
    accessibles: accessible,
    formats: { value: "hinted", target: "hinted", ramp: "config" },
  },
  {
    what: "what the node asks for with _signal_format",
    classes: ["Readable"],
    accessibles: {
      value: parameter(DOUBLE),
      _a: asked("HINTED_SIGNAL"),
      _b: asked("HINTED_UNCACHED_SIGNAL"),
      _c: asked("UNCACHED_SIGNAL"),
      _d: asked("CONFIG_SIGNAL"),
      _e: asked("<script>"),
    },
    formats: { _a: "hinted", _b: "hinted-uncached", _c: "uncached", _d: "config", _e: "config" },
  },
  {
    what: "the value of a Readable as hinted whatever the node asks for",
    classes: ["Readable"],
    accessibles: { value: asked("CONFIG_SIGNAL") },
    formats: { value: "hinted" },
  },
  {
    what: "modules of no known class by the same rules",
    classes: [],
    accessibles: { _x: parameter(DOUBLE), value: parameter(DOUBLE) },
    formats: { value: "hinted", _x: "config" },
  },
];

describe("formats", () => {
  let scripted: ScriptedNode;

  beforeEach(async () => {
    scripted = await ScriptedNode.start();
  });

  afterEach(async () => {
    await closeAll();
    await scripted.close();
  });

  const connect = (description: object): Promise<DynamicNode> => {
    scripted.description = description;
    return connectTo(scripted.uri);
  };

  /** The data keys, the hints and the data of one event. */
  const recorded = async (node: DynamicNode) => {
    const engine = makeRunEngine();
    const found: { descriptor?: EventDescriptor; event?: Event } = {};
    engine.subscribe((name, doc) => {
      if (name === "descriptor") found.descriptor = doc as EventDescriptor;
      if (name === "event") found.event = doc as Event;
    });
    expect((await engine(count([node.m], 1))).exitStatus).to.equal("success");
    return {
      data: found.event?.data ?? {},
      keys: Object.keys(found.descriptor?.data_keys ?? {}),
      configuration: Object.keys(found.descriptor?.configuration["n-m"]?.data ?? {}),
      hints: found.descriptor?.hints["n-m"]?.fields,
    };
  };

  for (const { what, classes, accessibles, formats } of RULES) {
    it(`record ${what}`, async () => {
      const { m } = await connect(describeModule(classes, accessibles));
      const actual = Object.keys(formats).map((name) => [name, m.formatOf(m.accessibles.get(name))]);
      expect(Object.fromEntries(actual)).to.deep.equal(formats);
    });
  }

  it("can be changed between two runs, and changed back", async () => {
    const node = await connect(describeModule(["Drivable"], accessible));
    const { m } = node;
    const before = await recorded(node);
    expect(before.keys).to.deep.equal(["n-m-value", "n-m-target"]);
    expect(before.configuration).to.include("n-m-ramp");
    m.setFormat(m.ramp, "hinted");
    m.setFormat(m.target, "omit");
    m.setFormat(m.status, "uncached", { flatten: true });
    const changed = await recorded(node);
    expect(changed.keys).to.have.members(["n-m-value", "n-m-ramp", "n-m-status-code", "n-m-status-text"]);
    expect(changed.hints).to.have.members(["n-m-value", "n-m-ramp"]);
    expect(changed.configuration).not.to.include("n-m-ramp");
    m.restoreFormats();
    const { data: _, ...after } = await recorded(node);
    const { data: __, ...first } = before;
    expect(after).to.deep.equal(first);
  });

  it("make a run ask the node for uncached signals, and use updates for the others", async () => {
    const node = await connect(describeModule(["Readable"], { ...accessible, _c: asked("UNCACHED_SIGNAL") }));
    const { m } = node;
    m.stage();
    scripted.received.length = 0;
    await m.read();
    expect(scripted.received).to.deep.equal(["read m:_c"]);
    m.unstage();
  });

  const broken = describeModule(["Readable"], { ...accessible, _c: asked("UNCACHED_SIGNAL") });
  const failing = (line: string) =>
    line === "read m:_c" ? 'error_read m:_c ["HardwareError", "no helium", {}]' : undefined;

  it("make a run fail with the node's message when a value cannot be read", async () => {
    const node = await connect(broken);
    scripted.answer = failing;
    const engine = quietEngine().RE;
    const error = await Promise.resolve(engine(count([node.m], 1))).catch((e: Error) => e);
    expect((error as Error).message).to.contain("cannot read m:_c: no helium");
  });

  it("advise how to leave out a parameter that never answers", async () => {
    const node = await connect({ ...broken, timeout: 0.5 });
    scripted.answer = (line) => (line === "read m:_c" ? [] : undefined);
    const error = await failure(Promise.resolve(node.m.read()));
    expect(error.message).to.match(
      /^cannot read m:_c: no answer to .* within 0.5 s \(to go without it: n\.m\.setFormat\(n\.m\.c, "omit"\)/,
    );
  });

  it("record NaN with the reason if the policy says so", async () => {
    const node = await connect(broken);
    scripted.answer = failing;
    node.m.readErrorPolicy = "nan";
    const { data, keys } = await recorded(node);
    expect(keys).to.have.members(["n-m-value", "n-m-c"]);
    expect(data["n-m-c"]).to.be.NaN;
    const reading = (await node.m.read())["n-m-c"];
    expect(reading.value).to.be.NaN;
    expect([reading.alarm_severity, reading.message]).to.deep.equal([-1, "cannot read m:_c: no helium"]);
  });
});
