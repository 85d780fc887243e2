import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type SimNode, startSimNode } from "../../../lib/index";
import { KernelClient } from "../kernelClient";

describe("magics in a notebook", function () {
  this.timeout(60_000);
  let kernel: KernelClient;
  let node: SimNode;

  before(async () => {
    [kernel, node] = await Promise.all([KernelClient.start(), startSimNode({ speed: 100 })]);
    await kernel.run(`%connect ${node.uri} as cryo`);
  });

  after(async () => {
    await kernel.close();
    await node.close();
  });

  async function complete(code: string): Promise<string[]> {
    return (await kernel.request("complete_request", { code, cursor_pos: code.length })).content.matches;
  }

  it("connect to a node, which is typed from the next cell on", async () => {
    expect(readFileSync(join(kernel.folder, "devices/cryo.ts"), "utf8")).to.contain("class CryoNode");
    expect(await complete("cryo.cryo.tar")).to.deep.equal(["target"]);
    const { error } = await kernel.run("await cryo.cryo.target.set('warm')");
    expect(error.ename).to.equal("TypeScriptError");
    const read = await kernel.run("const T: number = await cryo.sensor.value.getValue(); T > 0");
    expect(read.result["text/plain"]).to.equal("true");
    expect((await kernel.run("cryo.name")).result["text/plain"]).to.equal("'cryo'");
  });

  it("connect again, to what the node is now", async () => {
    const other = await startSimNode({ modules: ["magnet"] });
    try {
      const { reply, text } = await kernel
        .run(`%connect ${other.uri} as changing`)
        .then((cell) => ({ reply: cell.reply, text: cell.text() }));
      expect([reply.status, text]).to.deep.equal([
        "ok",
        `changing: 1 modules at ${other.uri.replace("127.0.0.1", "localhost")}\n`.replace(
          "localhost",
          other.uri.split(":")[0] ?? "",
        ),
      ]);
      await kernel.run(`%connect ${node.uri} as changing`);
      expect(await complete("changing.sens")).to.deep.equal(["sensor"]);
    } finally {
      await other.close();
    }
  });

  it("without the node still give the types, and say why there is no connection", async () => {
    const gone = await startSimNode({ modules: ["magnet"] });
    await kernel.run(`%connect ${gone.uri} as gone --class later.ts`);
    await gone.close();
    const { error, reply } = await kernel.run(`%connect ${gone.uri} as gone --class later.ts`);
    expect(reply.status).to.equal("error");
    expect(error.traceback.join("\n")).to.match(/cannot connect to .*refused/);
    expect(await complete("gone.magnet.tar")).to.include("target");
    const never = await kernel.run(`%connect ${gone.uri} as never`);
    expect(never.error.evalue).to.match(/cannot connect to .*refused/);
  });

  it("connect without a class file, untyped", async () => {
    const { reply } = await kernel.run(`%connect ${node.uri} as plain --no-class\nawait plain.sensor.value.getValue()`);
    expect(reply.status).to.equal("ok");
  });

  it("say how they are written", async () => {
    for (const [code, expected] of [
      ["%connect somewhere", "write %connect URI as NAME"],
      ["%connect a as 5b", '"5b" cannot be the name'],
      ["%conect a as b", "there is no magic %conect: did you mean %connect?"],
      ["%mov cryo.cryo", "%mov takes pairs"],
      ["%%devices\nfoo", 'cannot read "foo"'],
    ] as const) {
      const { error } = await kernel.run(code);
      expect(error.ename, code).to.equal("UsageError");
      expect(error.evalue, code).to.contain(expected);
      expect(error.traceback, code).to.have.length(1);
    }
    expect((await kernel.run("%connect?")).text()).to.match(/^%connect URI as NAME.*\n.*Connects/);
    expect((await kernel.run("%lsmagic")).result["text/plain"]).to.match(/%%classes[\s\S]*%wa/);
  });

  it("connect to several nodes by %%devices, and write class files by %%classes", async () => {
    const described = JSON.stringify(node.description);
    writeFileSync(join(kernel.folder, "description.json"), described);
    const several = await kernel.run(`%%devices\n# two\none = ${node.uri}\ntwo = ${node.uri} --no-class\n`);
    expect(several.reply.status, several.error?.evalue).to.equal("ok");
    expect(await complete("one.magn")).to.deep.equal(["magnet"]);
    const classes = await kernel.run("%%classes\ndescription.json");
    expect(classes.text()).to.match(/^\.\/devices\/\w+\.ts\n$/);
    expect((await kernel.run("DemoNode.equipmentId")).result["text/plain"]).to.equal("'demo'");
  });

  it("move devices, count, and show where all is", async () => {
    const moved = await kernel.run("%mov cryo.cryo 11");
    expect(moved.reply.status, moved.error?.evalue).to.equal("ok");
    expect((await kernel.run("%movr cryo.cryo 'a'")).error.ename).to.equal("TypeScriptError");
    const where = await kernel.run("%wa cryo.cryo");
    expect(where.result["text/plain"]).to.match(/cryo\.cryo +1[01]\S* +11 /);
    const counted = await kernel.run("%ct cryo.sensor");
    expect(counted.reply.status, counted.error?.evalue).to.equal("ok");
    expect((await kernel.run("%runs")).result["text/plain"]).to.contain("count");
    expect((await kernel.run("RE.state")).result["text/plain"]).to.equal("'idle'");
  });

  it("keep the lines of errors and run where they stand", async () => {
    const cell = await kernel.run("console.log('before');\n%time console.log('timed')\nconst wrong: number = 'a';");
    expect(cell.error.traceback[1]).to.match(/:3:7 /);
    const timed = await kernel.run("console.log('before');\n%time 6 * 7");
    expect(timed.text()).to.match(/^before\ntook \S+ s\n$/);
    expect(timed.result["text/plain"]).to.equal("42");
  });

  it("take parameters from outside", async () => {
    await kernel.run(`process.env["SECOP_LAB_PARAMETERS"] = '{"points": 7, "other": 1}';`);
    const cell = await kernel.run("%parameters\nlet points: number = 5;\nlet kept = 'default';\n[points, kept]");
    expect(cell.result["text/plain"]).to.equal("[ 7, 'default' ]");
  });

  it("complete their names, options, addresses and expressions", async () => {
    expect(await complete("%conn")).to.deep.equal(["%connect"]);
    expect(await complete("%%dev")).to.deep.equal(["%%devices"]);
    expect(await complete("1;\n%m")).to.include.members(["%mov", "%movr"]);
    expect(await complete(`%connect ${node.uri.slice(0, 9)}`)).to.include(node.uri);
    expect(await complete("%connect x as y --no")).to.deep.equal(["--no-class"]);
    expect(await complete("%mov cryo.cry")).to.deep.equal(["cryo"]);
    expect(await complete("%wa\ncryo.sens")).to.deep.equal(["sensor"]);
    const { content } = await kernel.request("inspect_request", { code: "%wa", cursor_pos: 2, detail_level: 0 });
    expect(content.data["text/plain"]).to.contain("Where all");
  });

  it("can be added", async () => {
    await kernel.run(
      `import { registerMagic } from "secop-lab/kernel";
       registerMagic({ kind: "line", name: "twice", usage: "%twice TEXT", help: "Says it twice.", run: (text) => text + text });`,
    );
    expect((await kernel.run("%twice ab")).result["text/plain"]).to.equal("'abab'");
    expect((await kernel.run("%lsmagic")).result["text/plain"]).to.contain("Says it twice.");
  });
});
