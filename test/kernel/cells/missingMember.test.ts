import { expect } from "chai";
import { KernelClient } from "../../support/kernelClient";

describe("a missing member", function () {
  this.timeout(60_000);
  let kernel: KernelClient;

  before(async () => {
    kernel = await KernelClient.start();
    await kernel.run(`
      import { createRunEngine, initDevices, SecopNodeDevice, SimMotor, startSimNode, bp, bps } from "secop-lab";
      const sim = await startSimNode();
      const { node } = await initDevices({ node: new SecopNodeDevice(sim.uri) });
      const RE = createRunEngine({ store: false, live: false });
      const motor = new SimMotor("motor");
      const run = await RE(bp.count([motor]));
      const settings: any = { detector: { gain: 1 }, get risky(): object { throw new Error("called"); } };`);
  });

  after(() => kernel.close());

  const named: Readonly<Record<string, readonly [code: string, text: string]>> = {
    "is named when a method of it is called": [
      "node.cryo.targt.read()",
      "node.cryo has no targt: did you mean target?",
    ],
    "is named when it is part of an awaited call": ["await node.crio.reed()", "node has no crio: did you mean cryo?"],
    "is named when a property of it is set": [
      "node.cryo.targt.value = 1",
      "node.cryo has no targt: did you mean target?",
    ],
    "is named after a cast": [
      "(node as any).cryo!.targt.read()",
      "(node as any).cryo has no targt: did you mean target?",
    ],
    "is named in a plan": [
      "function* plan() {\n  yield* bps.rd(node.magnet.valeu.x);\n}\nawait RE(plan())",
      "node.magnet has no valeu: did you mean value?",
    ],
    "is named for objects that are not devices": [
      "settings.detectr.gain",
      "settings has no detectr: did you mean detector?",
    ],
  };

  for (const [what, [code, text]] of Object.entries(named)) {
    it(what, async () => {
      const { error, reply } = await kernel.run(code);
      expect(error).to.deep.include({ ename: "TypeError", evalue: text });
      expect(error.traceback[0]).to.equal(`TypeError: ${text}`);
      expect(error.traceback[1]).to.match(/^ +at .*In\[\d+\]:\d+:\d+\)?$/);
      expect(reply.evalue).to.equal(text);
    });
  }

  it("is reported with the existing members if no name is similar", async () => {
    const { error } = await kernel.run("node.cryo.zzzzzzzzzz.read()");
    expect(error.evalue).to.match(/^node\.cryo has no zzzzzzzzzz: it has .*value, status, target/);
  });

  const suggested: Readonly<Record<string, readonly [code: string, text: RegExp]>> = {
    "of a device": [
      "motor.readbakc",
      /Property 'readbakc' does not exist on type 'SimMotor'\..*Did you mean 'readback'\?/,
    ],
    "of the engine": ["await RE.resuem()", /Property 'resuem' does not exist .*Did you mean 'resume'\?/],
    "of a run": ["run.tabel()", /Property 'tabel' does not exist .*Did you mean 'table'\?/],
    "of the result of a call": [
      "structuredClone({ head: 1 }).haed",
      /Property 'haed' does not exist .*Did you mean 'head'\?$/,
    ],
    "in a pattern": ["const { velocty } = motor", /Property 'velocty' does not exist .*Did you mean 'velocity'\?$/],
    "of a pattern in a pattern": [
      "function f({ a: { lenght } }: { a: string }) { return lenght }",
      /Property 'lenght' does not exist .*Did you mean 'length'\?$/,
    ],
    "of a built-in object": ["console.lgo(1)", /Property 'lgo' does not exist .*Did you mean 'log'\?$/],
    "of the options": ["createRunEngine({ liev: false })", /'liev' does not exist in .*Did you mean 'live'\?$/],
    "of the options, all of them if none is similar,": [
      "bps.prepare(motor, { startPosition: 0, endPosition: 2, timeForMove: 1 })",
      /'startPosition' does not exist in type 'FlyInfo'\. It takes start, end, time\.$/,
    ],
    "among the events": [
      "RE.subscribe(() => {}, 'evnet')",
      /^'evnet' is none of the names that are possible here: did you mean 'event'\?$/,
    ],
  };

  for (const [what, [code, text]] of Object.entries(suggested)) {
    it(`${what} is suggested by the type check`, async () => {
      expect((await kernel.run(code)).error).to.deep.include({ ename: "TypeScriptError" });
      expect((await kernel.run(code)).error.evalue).to.match(text);
    });
  }

  it("is never taken for one that every object has", async () => {
    const { error } = await kernel.run("const odd: any = { gain: 1, toString: () => 'odd' };\nodd.nothing.x");
    expect(error.evalue).to.equal("odd has no nothing: it has gain");
  });

  it("is reported if it is the last expression of a cell, which would otherwise show nothing", async () => {
    const { text, reply } = await kernel
      .run("node.crio")
      .then((cell) => ({ text: cell.text("stderr"), reply: cell.reply }));
    expect([text, reply.status]).to.deep.equal(["node has no crio: did you mean cryo?\n", "ok"]);
    expect((await kernel.run("settings.nothing")).text("stderr")).to.equal("");
  });

  it("stays undefined for code that checks whether it exists", async () => {
    const { result } = await kernel.run(
      '[node.cryo.foo, "crio" in node, typeof node.then, (await node.cryo) === node.cryo, Object.keys(node).includes("cryo")]',
    );
    expect(result["text/plain"]).to.equal("[ undefined, false, 'undefined', true, true ]");
  });

  it("is explained without running the getters that an object inherits", async () => {
    await kernel.run(
      "let asked = 0; class Lazy { get made(): any { asked++; return {}; } } const lazy: any = new Lazy();",
    );
    const { error } = await kernel.run("lazy.made.missing.x");
    expect(error.evalue).to.equal("Cannot read properties of undefined (reading 'x')");
    expect((await kernel.run("asked")).result["text/plain"]).to.equal("1");
  });

  it("does not change other errors, and is explained without running getters", async () => {
    const { error } = await kernel.run("const empty: any = { there: undefined };\nempty.there.x");
    expect(error.evalue).to.equal("Cannot read properties of undefined (reading 'x')");
    expect((await kernel.run("settings.risky.x")).error.evalue).to.equal("called");
    expect((await kernel.run("(() => undefined as any)().x")).error.evalue).to.match(/^Cannot read properties/);
  });
});
