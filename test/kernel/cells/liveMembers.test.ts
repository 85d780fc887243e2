/** Tests of completion on values whose type is `any`, in a kernel. */

import { expect } from "chai";
import { KernelClient } from "../../support/kernelClient";

describe("completion on values of type any", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
    await kernel.run(
      `let asked = 0;
       const data: any = JSON.parse('{"sample": {"name": "Pt", "mass": 2, "na-me": 1}, "points": [{"x": 1, "y": 2}]}');
       const lazy: any = { get costly() { asked++; return { deep: 1 }; }, plain: 1 };
       class Own { method() {} get size() { asked++; return 1; } }
       const own: any = new Own(); const text: any = "abc"; const nothing: any = undefined; const typed = { a: 1 };
       const hostile: any = new Proxy({}, { ownKeys() { throw new Error("no"); } });`,
    );
  });

  after(() => kernel.close());

  async function complete(code: string) {
    const { content } = await kernel.request("complete_request", { code, cursor_pos: [...code].length });
    const types = content.metadata._jupyter_types_experimental.map(({ type }: { type: string }) => type);
    return { matches: content.matches as string[], start: content.cursor_start as number, types };
  }

  it("offers the members of the value, through chains of members and elements", async () => {
    expect((await complete("data.")).matches).to.deep.equal(["sample", "points"]);
    expect((await complete("data.sample.n")).matches).to.deep.equal(["name"]);
    expect((await complete("data?.points[0].")).matches).to.deep.equal(["x", "y"]);
    expect((await complete('f(data["sample"]?.ma')).matches).to.deep.equal(["mass"]);
    expect(await complete("/* ö𝒳 */ data.sam")).to.deep.equal({ matches: ["sample"], start: 14, types: ["property"] });
  });

  it("offers inherited members, with their kinds, and those of texts and arrays", async () => {
    expect(await complete("own.")).to.deep.include({ matches: ["method", "size"], types: ["method", "property"] });
    expect((await complete("text.toUpp")).matches).to.deep.equal(["toUpperCase"]);
    expect((await complete("data.points.ma")).matches).to.deep.equal(["map"]);
  });

  it("tells the commands of a device from its signals", async () => {
    await kernel.run(
      "const sim = await startSimNode(); const node: any = new SecopNodeDevice(sim.uri); await node.connect(); undefined",
    );
    expect(await complete("node.cryo.ra")).to.deep.include({ matches: ["ramp"], types: ["property"] });
    expect(await complete("node.cryo.stop_")).to.deep.include({ matches: ["stop_"], types: ["method"] });
    await kernel.run("await node.dispose(); await sim.close();");
  });

  it("offers nothing of a value whose name is that of a parameter or of the variable of a loop", async () => {
    for (const code of [
      "[1].map((data: any) => data.",
      "[1].map(data => data.",
      "function f(own: any, data: any) {\n  return data.",
      "try { f() } catch (data) {\n  data.",
      "const f = (data: any): unknown => data.",
      "function f(data: any): Promise<void> {\n  data.",
      "for (const data of rows) {\n  data.",
      "for await (const [k, data] of rows) {\n  data.",
      "for (let data = rows; data; ) {\n  data.",
    ]) {
      expect((await complete(code)).matches, code).to.not.include("sample");
    }
    for (const code of [
      "if (data) {\n  data.",
      "f((x) => x, data.",
      "const data: any = 1;\ndata.",
      "for (const point of data) {\n  data.",
      "for (let i = 0; i < data; i++) {\n  data.",
      "const first = ok ? f(data) : data.",
    ]) {
      expect((await complete(code)).matches, code).to.deep.equal(["sample", "points"]);
    }
  });

  it("runs no getters, and offers nothing where there is no value", async () => {
    expect((await complete("lazy.costly.")).matches).to.deep.equal([]);
    expect((await complete("lazy.")).matches).to.deep.equal(["costly", "plain"]);
    for (const code of ["nothing.", "nobody.", "hostile.", "data.none.", "call().", '"data.', "// data."]) {
      expect((await complete(code)).matches, code).to.deep.equal([]);
    }
    expect((await kernel.run("asked")).result["text/plain"]).to.equal("0");
    expect((await complete("typed.")).matches).to.deep.equal(["a"]);
  });
});
