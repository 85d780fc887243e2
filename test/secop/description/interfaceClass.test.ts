import { expect } from "chai";
import { interfaceClassOf } from "../../../lib/secop/description/interfaceClass";
import { parseDescription } from "../../../lib/secop/description/parseDescription";

const double = { description: "x", datainfo: { type: "double" } };
const codes = { type: "enum", members: { IDLE: 100, BUSY: 300 } };
const status = { description: "s", datainfo: { type: "tuple", members: [codes, { type: "string" }] }, readonly: true };
const all = {
  value: { ...double, readonly: true },
  target: { ...double, readonly: false },
  status,
  stop: { description: "stops", datainfo: { type: "command" } },
};

function parsed(interface_classes: readonly string[], accessibles: object = all) {
  const modules = { m: { description: "m", interface_classes, accessibles } };
  return parseDescription({ equipment_id: "e", description: "d", modules });
}

function classOf(interface_classes: readonly string[], accessibles: object = all): string {
  const module = parsed(interface_classes, accessibles).modules.get("m");
  return module ? interfaceClassOf(module) : "none";
}

describe("the interface class of a module", () => {
  it("is the highest known one, whatever the order of the list", () => {
    expect(classOf(["Readable", "Writable", "Drivable"])).to.equal("Drivable");
    expect(classOf(["Drivable", "Writable", "Readable"])).to.equal("Drivable");
    expect(classOf(["Readable", "MassSpectrometer", "Writable"])).to.equal("Writable");
    expect(classOf(["Readable", "AcquisitionChannel"])).to.equal("AcquisitionChannel");
    expect(classOf(["Readable"])).to.equal("Readable");
    expect(classOf(["Triggerable"])).to.equal("Module");
  });

  it("is one whose mandatory parameters are there", () => {
    const { target: _, ...readable } = all;
    expect(classOf(["Readable", "Writable", "Drivable"], readable)).to.equal("Readable");
  });

  it("is the first of two that cannot replace each other", () => {
    expect(classOf(["Communicator", "Readable"])).to.equal("Communicator");
    expect(classOf(["Readable", "Communicator"])).to.equal("Readable");
  });

  it("is said to be in the wrong place of the list", () => {
    expect(parsed(["Readable", "Writable", "Drivable"]).problems).to.deep.equal([
      "m: the interface classes should begin with the highest, Drivable: Readable, Writable, Drivable",
    ]);
    expect(parsed(["Drivable", "Writable", "Readable"]).problems).to.deep.equal([]);
  });
});
