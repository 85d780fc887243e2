import { expect } from "chai";
import fc from "fast-check";
import { parseDescription } from "../../../lib/secop/description/parseDescription";
import { hostileJson } from "../../support/arbitraryValues";
import { CASES_TIMEOUT_MS, cases } from "../../support/fuzz";

const accessible = (extra: object) => ({ description: "d", datainfo: { type: "double" }, readonly: true, ...extra });
const STATUS = { type: "tuple", members: [{ type: "enum", members: { IDLE: 100 } }, { type: "string" }] };
const node = (module: object, extra: object = {}) => ({
  equipment_id: "id",
  description: "a node",
  modules: { m: { description: "a module", interface_classes: ["Readable"], accessibles: {}, ...module } },
  ...extra,
});

describe("description", () => {
  it("is read whatever a node says", () => {
    fc.assert(
      fc.property(hostileJson, hostileJson, hostileJson, (json, module, par) => {
        for (const hostile of [
          json,
          { modules: json },
          { equipment_id: "x", modules: { m: { accessibles: { p: par, q: { datainfo: json } }, meaning: json } } },
          { modules: { ["__proto__"]: module, m: module }, systems: json },
        ]) {
          const description = parseDescription(hostile);
          expect(description.problems).to.be.an("array");
          expect(description.modules).to.be.instanceOf(Map);
        }
        expect(({} as { accessibles?: unknown }).accessibles).to.equal(undefined);
      }),
      cases(2000),
    );
  }).timeout(CASES_TIMEOUT_MS);

  it("of a sound node has no problems", () => {
    const description = parseDescription(
      node(
        {
          accessibles: {
            value: accessible({}),
            status: accessible({ datainfo: STATUS }),
            stop: { description: "s", datainfo: { type: "command" } },
          },
        },
        { timeout: 3 },
      ),
    );
    expect(description.problems).to.deep.equal([]);
    expect(description.timeout).to.equal(3);
    expect(description.modules.get("m")?.accessibles.get("value")?.kind).to.equal("parameter");
    expect(description.modules.get("m")?.accessibles.get("stop")).to.include({
      kind: "command",
      argument: null,
      result: null,
    });
  });

  it("reports what is missing and goes on", () => {
    const description = parseDescription({
      modules: { m: { accessibles: { _p: { datainfo: { type: "int" } }, q: 5 } } },
    });
    expect(description.problems).to.deep.equal([
      "m:_p: readonly is missing, taken as true",
      "m:_p: description is missing or no string",
      "m:_p: datainfo: min is missing",
      "m:_p: datainfo: max is missing",
      "m:q: the accessible is not an object",
      "m: interface_classes is missing",
      "m: description is missing or no string",
      "equipment_id is missing or no string",
      "description is missing or no string",
    ]);
    expect([...(description.modules.get("m")?.accessibles.keys() ?? [])]).to.deep.equal(["_p"]);
  });

  it("understands both forms of visibility and meaning", () => {
    const visibilityOf = (visibility: unknown, readonly: boolean) =>
      parseDescription(node({ accessibles: { p: accessible({ visibility, readonly }) } }))
        .modules.get("m")
        ?.accessibles.get("p")?.visibility;
    expect(visibilityOf("expert", false)).to.equal("w--");
    expect(visibilityOf("advanced", true)).to.equal("rr-");
    expect(visibilityOf(3, true)).to.equal("r--");
    expect(visibilityOf("wr-", true)).to.equal("wr-");
    expect(visibilityOf("rww", true)).to.equal(undefined);
    const meaningOf = (meaning: unknown) => parseDescription(node({ meaning })).modules.get("m")?.meaning;
    expect(meaningOf(["temperature", 20])).to.deep.equal({ function: "temperature", importance: 20 });
    expect(meaningOf({ function: "ph", belongs_to: "sample" })).to.deep.equal({ function: "ph", belongsTo: "sample" });
    expect(meaningOf(7)).to.equal(undefined);
  });

  it("keeps custom properties of every level as JSON", () => {
    const description = parseDescription(
      node({ _x: null, accessibles: { p: accessible({ _y: [] }) } }, { _z: { a: 1 } }),
    );
    expect(description.properties.get("_z")).to.deep.equal({ a: 1 });
    expect(description.modules.get("m")?.properties.get("_x")).to.equal(null);
    expect(description.modules.get("m")?.accessibles.get("p")?.properties.get("_y")).to.deep.equal([]);
  });

  it("decodes constants", () => {
    const constant = { datainfo: { type: "enum", members: { on: 1 } }, constant: 1 };
    const description = parseDescription(node({ accessibles: { p: accessible(constant) } }));
    expect(description.modules.get("m")?.accessibles.get("p")).to.include({ constant: "on" });
  });

  it("knows systems, schemata and acquisition channels", () => {
    const systems = { s: { description: "d", system: "cryo", modules: { T: "m" } } };
    const description = parseDescription(
      node({ acquisition_channels: { t: "m" } }, { systems, schemata: ["https://x"] }),
    );
    expect(description.systems.get("s")?.modules.get("T")).to.equal("m");
    expect(description.schemata).to.deep.equal(["https://x"]);
    expect(description.modules.get("m")?.acquisition_channels?.get("t")).to.equal("m");
  });
});
