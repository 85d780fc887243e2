/** Tests of the built-in magics and of magics from the workspace, in a kernel. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type SimNode, startSimNode } from "../../../lib/index";
import { startFrappy } from "../../peers/frappy";
import { KernelClient } from "../../support/kernelClient";

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

  it("connect again, to the node as it is now", async () => {
    const other = await startSimNode({ modules: ["magnet"] });
    try {
      const { reply, text } = await kernel
        .run(`%connect ${other.uri} as changing`)
        .then((cell) => ({ reply: cell.reply, text: cell.text() }));
      expect([reply.status, text]).to.deep.equal([
        "ok",
        `changing: 1 module at ${other.uri.replace("127.0.0.1", "localhost")}\n`.replace(
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

  it("export a kept run by its place, number or uid, into the format of the file", async () => {
    const run = (code: string) => kernel.run(code).then((cell) => cell.text());
    await run(`const RE = createRunEngine({ live: false, dir: "kept runs" });
const kept = [await RE(count([new SimDetector("det")], 2)), await RE(count([new SimDetector("det")], 3))];`);
    await run('%export newest.csv --dir "kept runs"');
    expect(readFileSync(join(kernel.folder, "newest.csv"), "utf8").trimEnd().split("\n")).to.have.length(4);
    await run('%export 1 first.json --dir "kept runs" --stream primary');
    expect(JSON.parse(readFileSync(join(kernel.folder, "first.json"), "utf8"))).to.have.nested.property(
      "start.scan_id",
      1,
    );
    const uid = (await kernel.run("kept[0]!.runStartUids[0]!.slice(0, 8)")).result["text/plain"].slice(1, -1);
    await run(`%export ${uid} 'by uid.nxs' --dir "kept runs"`);
    expect(readFileSync(join(kernel.folder, "by uid.nxs")).toString("latin1", 1, 4)).to.equal("HDF");
    const wrong = await kernel.run('%export 99 x.csv --dir "kept runs"');
    expect(wrong.error.evalue).to.contain("no run #99 among the 2 in kept runs");
    expect((await kernel.run('%export newest.cvs --dir "kept runs"')).error.evalue).to.contain(".csv?");
    expect((await kernel.run("%export")).error.evalue).to.contain("write %export FILE");
    // The magics of later tests make an engine of their own, with the usual folder.
    await kernel.run("%reset RE kept");
  });

  it("name the way out if a class file cannot be written", async () => {
    writeFileSync(join(kernel.folder, "blocked"), "");
    const { error } = await kernel.run(`%connect ${node.uri} as blocked --class blocked/cryo`);
    expect(error.evalue).to.match(
      /^the class file .*blocked\/cryo.ts cannot be written: ENOTDIR, a file stands where a folder should be\. .* add --no-class$/,
    );
  });

  it("use the existing class file if the node does not answer, and report why", async () => {
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

  it("connect without a class file, and then without types", async () => {
    const { reply } = await kernel.run(`%connect ${node.uri} as plain --no-class\nawait plain.sensor.value.getValue()`);
    expect(reply.status).to.equal("ok");
  });

  it("explain their usage when they are written wrongly", async () => {
    for (const [code, expected] of [
      ["%connect somewhere", "write %connect URI as NAME"],
      ["%connect a as 5b", '"5b" cannot be the name'],
      [`%connect ${node.uri} as class`, '"class" cannot be the name'],
      [`%%devices\nawait = ${node.uri}`, '"await" cannot be the name'],
      [`%connect ${node.uri} as undefined`, '"undefined" cannot be the name'],
      ["%conect a as b", "there is no magic %conect: did you mean %connect?"],
      ["%mov cryo.cryo", "%mov takes pairs"],
      ["%%devices\nfoo", 'cannot read "foo"'],
    ] as const) {
      const { error } = await kernel.run(code);
      expect(error.ename, code).to.equal("UsageError");
      expect(error.evalue, code).to.contain(expected);
      expect(error.traceback.slice(1).join(), code).to.match(/^ +at In\[\d+\]:1:1$/);
    }
    expect(existsSync(join(kernel.folder, "devices/class.ts"))).to.equal(false);
    expect((await kernel.run("%connect?")).text()).to.match(/^%connect URI as NAME.*\n.*Connects/);
    expect((await kernel.run("%lsmagic")).result["text/plain"]).to.match(/%%classes[\s\S]*%wa/);
  });

  it("connect to several nodes with %%devices, and write class files with %%classes", async () => {
    const described = JSON.stringify(node.description);
    writeFileSync(join(kernel.folder, "description.json"), described);
    const several = await kernel.run(`%%devices\n# two\none = ${node.uri}\ntwo = ${node.uri} --no-class\n`);
    expect(several.reply.status, several.error?.evalue).to.equal("ok");
    expect(await complete("one.magn")).to.deep.equal(["magnet"]);
    const classes = await kernel.run("%%classes\ndescription.json");
    expect(classes.text()).to.equal("DemoNode in ./devices/demo.ts\n");
    expect((await kernel.run("DemoNode.equipmentId")).result["text/plain"]).to.equal("'demo'");
  });

  it("move devices, count, and show all positions", async () => {
    const moved = await kernel.run("%mov cryo.cryo 11   // K");
    expect(moved.reply.status, moved.error?.evalue).to.equal("ok");
    expect(moved.result["text/plain"]).to.match(/cryo\.cryo +1[01]\S* K +11\S* K/);
    expect((await kernel.run("%movr cryo.cryo 'a'")).error.ename).to.equal("TypeScriptError");
    const where = await kernel.run("%wa cryo.cryo");
    expect(where.result["text/plain"]).to.match(/cryo\.cryo +1[01]\S* K +11\S* K +IDLE/);
    const counted = await kernel.run("%ct cryo.sensor");
    expect(counted.reply.status, counted.error?.evalue).to.equal("ok");
    expect((await kernel.run("%runs")).result["text/plain"]).to.contain("count");
    expect((await kernel.run("RE.state")).result["text/plain"]).to.equal("'idle'");
  });

  it("find runs by what one remembers, and export them", async () => {
    const found = await kernel.run("%runs plan=count since=today limit=1");
    expect(found.result["text/plain"]).to.match(/^Found · 1 run\n/);
    expect((await kernel.run("%runs plan=/^sc/ nonsense")).result["text/plain"]).to.contain("Found · 0 runs");
    // The line to type that a list shows works as it is pasted.
    for (const list of ["%runs", "%runs plan=count since=today limit=1", "openRuns().list(1)[0]", "openRuns()"]) {
      const text = (await kernel.run(list)).result["text/plain"];
      const [hint = ""] = /await .*$/m.exec(text) ?? [];
      const table = await kernel.run(hint);
      expect(table.result?.["text/plain"], `${hint} ${table.error?.evalue}`).to.match(/seq_num|time/);
    }
    const { result } = await kernel.run("%export -1 newest.json");
    expect(result["text/plain"]).to.contain("newest.json");
    expect(JSON.parse(readFileSync(join(kernel.folder, "newest.json"), "utf8")).start.plan_name).to.equal("count");
    await kernel.run("%export newest.csv --timestamps");
    expect(readFileSync(join(kernel.folder, "newest.csv"), "utf8")).to.match(/^seq_num,time,.*,ts_/);
    await kernel.run("%export newest.png");
    expect(readFileSync(join(kernel.folder, "newest.png")).toString("latin1", 1, 4)).to.equal("PNG");
    expect((await kernel.run("%export")).error.evalue).to.equal("write %export FILE or %export RUN FILE");
  });

  it("keep the line numbers of errors, and run in the order of the lines", async () => {
    const cell = await kernel.run("console.log('before');\n%time console.log('timed')\nconst wrong: number = 'a';");
    expect(cell.error.traceback.slice(1)).to.deep.equal([
      `In[${cell.reply.execution_count}]:3:7`,
      "    const wrong: number = 'a';",
      "          ~~~~~",
    ]);
    const timed = await kernel.run("console.log('before');\n%time 6 * 7");
    expect(timed.text()).to.match(/^before\ntook \S+ [mµn]?s\n$/);
    expect(timed.result["text/plain"]).to.equal("42");
  });

  it("mark their errors in the line that the user wrote", async () => {
    for (const [code, line, marked] of [
      ["%mov cryo.cryo warm", "%mov cryo.cryo warm", "warm"],
      ["const at = 3;\n%mov cryo 5", "%mov cryo 5", "cryo"],
      ["%ct cryo.sensor, nosuch", "%ct cryo.sensor, nosuch", "nosuch"],
      ["%time 1 + missing; // s", "%time 1 + missing; // s", "missing"],
      ["%parameters\nlet x: number = 'a';", "let x: number = 'a';", "x"],
    ] as const) {
      const { error } = await kernel.run(code);
      const [, , shown, marks] = error.traceback;
      expect(shown, code).to.equal(`    ${line}`);
      expect(shown.slice(marks.indexOf("~"), marks.length), code).to.equal(marked);
    }
  });

  it("report their place if they do not exist or cannot be used there", async () => {
    const { error } = await kernel.run("const one = 1;\n  %tmie one");
    const [line, place, ...more] = error.traceback;
    expect([line, more]).to.deep.equal(["UsageError: there is no magic %tmie: did you mean %time?", []]);
    expect(place).to.match(/^ +at In\[\d+\]:2:3$/);
    expect((await kernel.run("%%wa\n1")).error.evalue).to.equal("there is no magic %%wa: did you mean %wa?");
    const inner = await kernel.run("function f() {\n  %time 1 + 1\n}");
    expect(inner.error.evalue).to.match(/^%time has to wait: write it at the top level of a cell/);
    expect((await kernel.run("%time missing")).error.evalue).to.equal("Cannot find name 'missing'.");
  });

  it("may end in a semicolon", async () => {
    expect((await kernel.run("%lsmagic;")).result["text/plain"]).to.contain("%connect");
  });

  it("report an error once, even if their expansion contains the word twice", async () => {
    const { error } = await kernel.run("%mov nowhere 1");
    expect(error.traceback).to.deep.equal([
      "TypeScriptError: Cannot find name 'nowhere'.",
      error.traceback[1],
      "    %mov nowhere 1",
      "         ~~~~~~~",
    ]);
  });

  it("show a device once that is named twice, and accept a folder in quotes", async () => {
    const { result } = await kernel.run("%wa cryo.magnet cryo.magnet");
    expect(result["text/plain"].match(/cryo\.magnet/g)).to.have.length(1);
    const { error } = await kernel.run('%runs "no such folder"');
    expect(error.evalue).to.equal("cannot read the runs in no such folder: does the folder exist?");
  });

  it("may be followed by a comment", async () => {
    const { reply, text } = await kernel
      .run(`%connect ${node.uri} as commented --no-class   // the node; typed later`)
      .then((cell) => ({ reply: cell.reply, text: cell.text() }));
    expect(reply.status).to.equal("ok");
    expect(text).to.match(/^commented: \d+ modules at/);
  });

  it("take parameters from the environment", async () => {
    await kernel.run(`process.env["SECOP_LAB_PARAMETERS"] = '{"points": 7, "other": 1}';`);
    const cell = await kernel.run("%parameters\nlet points: number = 5;\nlet kept = 'default';\n[points, kept]");
    expect(cell.result["text/plain"]).to.equal("[ 7, 'default' ]");
    const list = await kernel.run("%%parameters\nlet kept2 = 1, points = 5, other = 2;\n[kept2, points, other]");
    expect(list.result["text/plain"]).to.equal("[ 1, 7, 1 ]");
    await kernel.run(`process.env["SECOP_LAB_PARAMETERS"] = '{"points(": 1'`);
    const broken = await kernel.run("%%parameters\nlet points = 5;");
    expect(broken.error.evalue).to.match(/^the environment variable SECOP_LAB_PARAMETERS is not a JSON object/);
    await kernel.run(`delete process.env["SECOP_LAB_PARAMETERS"]`);
  });

  it("complete their names, options, addresses and expressions", async () => {
    expect(await complete("%conn")).to.deep.equal(["%connect"]);
    expect(await complete("%%dev")).to.deep.equal(["%%devices"]);
    expect(await complete("1;\n%m")).to.include.members(["%mov", "%movr"]);
    expect(await complete(`%connect ${node.uri.slice(0, 9)}`)).to.include(node.uri);
    expect(await complete("%connect x as y --no")).to.deep.equal(["--no-class"]);
    expect(await complete("%mov cryo.cry")).to.deep.equal(["cryo"]);
    expect(await complete("%mov cry")).to.include.members(["cryo.cryo", "cryo.magnet"]);
    expect(await complete("%mov cryo.cryo 5 cryo.m")).to.deep.equal(["magnet"]);
    expect(await complete("%mov cryo.cryo.ra")).to.deep.equal(["ramp"]);
    expect(await complete("%mov cryo.cryo cryo.sensor.val")).to.deep.equal(["value"]);
    expect(await complete("%wa cryo."))
      .to.include("cryo")
      .and.not.include("sensor");
    expect(await complete("%ct cryo.cryo, cryo.s")).to.deep.equal(["sensor"]);
    expect(await complete("%wa\ncryo.sens")).to.deep.equal(["sensor"]);
    expect(await complete("%%parameters\nlet t = cryo.sens")).to.deep.equal(["sensor"]);
    expect(await complete("%%devices\na = b\nnew = ")).to.include(node.uri);
    expect(await complete("%%devices\nnew")).to.deep.equal([]);
    expect(await complete("%%devices\nnew = x --n")).to.deep.equal(["--no-class"]);
    writeFileSync(join(kernel.folder, "later.json"), "{}");
    expect(await complete("%%classes\n")).to.include.members(["later.json", node.uri]);
    const { content } = await kernel.request("inspect_request", { code: "%wa", cursor_pos: 2, detail_level: 0 });
    expect(content.data["text/plain"]).to.contain("Where all");
  });

  it("find nodes in the network, to complete %connect and to list with %discover", async () => {
    const frappy = await startFrappy("magnet");
    try {
      // UDP answers may be late on a busy machine, so a missing node is searched again.
      while (!(await complete("%connect ")).includes(frappy.uri));
      const listed = async () => (await kernel.run("%discover 0.5")).result["text/plain"];
      while (!(await listed()).includes(frappy.uri));
      expect((await kernel.run("%discover soon")).error.evalue).to.contain('takes a number of seconds, not "soon"');
    } finally {
      await frappy.stop();
    }
  });

  it("offer the addresses of earlier sessions in this folder", async () => {
    const kept = JSON.parse(readFileSync(join(kernel.folder, ".secop-lab/addresses.json"), "utf8"));
    expect(kept).to.include(node.uri);
  });

  it("can be added by a file of the workspace", async () => {
    writeFileSync(
      join(kernel.folder, "myMagics.ts"),
      `import { type LineMagic, registerMagic } from "secop-lab/kernel";

const warm: LineMagic = {
  kind: "line",
  name: "warm",
  usage: "%warm DEVICE",
  help: "Goes to room temperature. Waits for it.",
  expressions: true,
  expand: (device) => \`await \${device}.set(300);\`,
};
registerMagic(warm);
registerMagic({
  kind: "cell",
  name: "shout",
  usage: "%%shout",
  help: "Prints the cell, louder.",
  expand: (_args, body) => \`console.log(\${JSON.stringify(body.toUpperCase())});\`,
});
registerMagic({
  kind: "line",
  name: "twice",
  usage: "%twice TEXT",
  help: "Says it twice.",
  run: (text, { signal, print }) => { signal.throwIfAborted(); print("twice:"); return text + text; },
  complete: (text) => ({ length: text.trim().length, matches: ["ab", "cd"].filter((word) => word.startsWith(text.trim())) }),
});
`,
    );
    const loaded = await kernel.run('import "./myMagics";');
    expect(loaded.reply.status, loaded.error?.evalue).to.equal("ok");
    const twice = await kernel.run("%twice ab");
    expect([twice.text(), twice.result["text/plain"]]).to.deep.equal(["twice:\n", "'abab'"]);
    expect((await kernel.run("%%shout\nhello\n% not a magic")).text()).to.equal("HELLO\n% NOT A MAGIC\n");
    expect((await kernel.run("%lsmagic")).result["text/plain"]).to.match(/%twice TEXT +Says it twice\.[\s\S]*%warm/);
    expect((await kernel.run("%warm?")).text()).to.equal("%warm DEVICE\nGoes to room temperature. Waits for it.\n");
    expect((await kernel.run("%warn cryo.cryo")).error.evalue).to.contain("did you mean %warm?");
    expect((await kernel.run("%warm cryo.crio")).error.traceback.slice(2)).to.deep.equal([
      "    %warm cryo.crio",
      "               ~~~~",
    ]);
    expect(await complete("%tw")).to.deep.equal(["%twice"]);
    expect(await complete("%twice c")).to.deep.equal(["cd"]);
    expect(await complete("%warm cryo.sens")).to.deep.equal(["sensor"]);
  });

  it("are refused when they are registered wrongly, by the compiler or with a reason", async () => {
    const wrong = 'registerMagic({ kind: "line", name: "x", usage: "%x", help: "" , expand: () => 5 })';
    expect((await kernel.run(`import { registerMagic } from "secop-lab/kernel";\n${wrong}`)).error.ename).to.equal(
      "TypeScriptError",
    );
    const named = 'registerMagic({ kind: "line", name: "my magic", usage: "", help: "" })';
    expect((await kernel.run(`import { registerMagic } from "secop-lab/kernel";\n${named}`)).error.evalue).to.contain(
      '"my magic" cannot be the name of a magic',
    );
  });

  it("write class files with %%classes from an address and a description, and again after a change", async () => {
    const { modules } = node.description as { modules: Record<string, unknown> };
    const described = (...names: string[]) => {
      const some = Object.fromEntries(names.map((name) => [name, modules[name]]));
      writeFileSync(
        join(kernel.folder, "plant.json"),
        JSON.stringify({ ...node.description, modules: some, equipment_id: "plant" }),
      );
    };
    described("sensor");
    const both = await kernel.run(`%%classes\nplant.json   # kept by hand\n\n${node.uri}\n`);
    expect(both.reply.status, both.error?.evalue).to.equal("ok");
    expect(both.text().trim().split("\n")).to.have.length(2);
    await kernel.run('const plant = new PlantNode("localhost:1");');
    expect(await complete("plant.magn")).to.deep.equal([]);
    expect(await complete("plant.sens")).to.deep.equal(["sensor"]);
    described("sensor", "magnet");
    await kernel.run("%%classes\nplant.json");
    await kernel.run('const plant = new PlantNode("localhost:1");');
    expect(await complete("plant.magnet.tar")).to.include("target");
    const { error } = await kernel.run("plant.magnet.target.set('a')");
    expect(error.evalue).to.contain("not assignable to parameter of type 'number'");
  });

  it("report what is wrong with a source of %%classes", async () => {
    writeFileSync(join(kernel.folder, "broken.json"), "{");
    writeFileSync(join(kernel.folder, "other.json"), '{ "name": "x" }');
    for (const [source, expected] of [
      ["broken.json", /broken\.json/],
      ["other.json", /other\.json/],
      ["missing.json", /missing\.json/],
      ["localhost:1", /cannot connect to localhost:1.*refused/],
    ] as const) {
      const { error } = await kernel.run(`%%classes\n${source}`);
      expect(error.evalue, source).to.match(expected);
    }
  });
});
