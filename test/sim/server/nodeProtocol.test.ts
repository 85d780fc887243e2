import { expect } from "chai";
import { WebSocket } from "ws";
import { parseDescription } from "../../../lib/secop/description/parseDescription";
import type { SimNode } from "../../../lib/sim/runNode";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { realDescription } from "../../descriptions/descriptions";
import { LineClient } from "./lineClient";

describe("the simulated node's protocol", () => {
  let node: SimNode;
  let client: LineClient;

  beforeEach(async () => {
    node = await startSimNode({ speed: 100, version: "2.0" });
    client = await LineClient.open(node.port);
  });

  afterEach(async () => {
    client.close();
    await node.close();
  });

  /** The specifier and the error class of an error message. */
  const refusal = (line: string): string => {
    const [, head, json] = /^(error_\S* \S*) (.*)$/.exec(line) ?? [];
    return `${head} ${JSON.parse(json ?? "[]")[0]}`;
  };

  const value = (line: string): unknown => JSON.parse(line.slice(line.indexOf("[")))[0];

  it("identifies and describes itself without violating the spec", async () => {
    expect(await client.ask("*IDN?")).to.match(/^ISSE[^,]*,SECoP,[^,]*,v2\.0$/);
    const answer = await client.ask("describe");
    expect(answer).to.match(/^describing \. \{/);
    const description = parseDescription(JSON.parse(answer.slice("describing . ".length)));
    expect(description.problems).to.deep.equal([]);
    expect([...description.modules.keys()]).to.include.members(["cryo", "heater", "sensor", "magnet", "gas", "types"]);
    expect(description.systems.get("cryostat")?.modules.get("heater")).to.equal("heater");
  });

  const refused: [string, string][] = [
    ["read nomod:value", "error_read nomod:value NoSuchModule"],
    ["read cryo:nopar", "error_read cryo:nopar NoSuchParameter"],
    ["read cryo:stop", "error_read cryo:stop NoSuchParameter"],
    ["read cryo:__proto__", "error_read cryo:__proto__ NoSuchParameter"],
    ["read constructor:value", "error_read constructor:value NoSuchModule"],
    ["read cryo", "error_read cryo ProtocolError"],
    ["read cryo:value 1", "error_read cryo:value ProtocolError"],
    ["change cryo:value 1", "error_change cryo:value ReadOnly"],
    ["change types:_constant 1", "error_change types:_constant ReadOnly"],
    ["change cryo:target 400", "error_change cryo:target RangeError"],
    ['change cryo:target "5"', "error_change cryo:target WrongType"],
    ["change cryo:target", "error_change cryo:target ProtocolError"],
    ["change cryo:target {bad", "error_change cryo:target BadJSON"],
    ["change cryo:mode 99", "error_change cryo:mode RangeError"],
    ['change types:_struct {"count":1}', "error_change types:_struct WrongType"],
    ['change types:_struct {"name":"a","more":1}', "error_change types:_struct WrongType"],
    ["change types:_tuple [1,true]", "error_change types:_tuple WrongType"],
    ["change types:_int 1.5", "error_change types:_int WrongType"],
    ['change types:_string "123456789012345678901"', "error_change types:_string RangeError"],
    ["do cryo:nocmd", "error_do cryo:nocmd NoSuchCommand"],
    ["do cryo:target", "error_do cryo:target NoSuchCommand"],
    ["do cryo:stop 1", "error_do cryo:stop WrongType"],
    ["do gas:_start_recipe", "error_do gas:_start_recipe WrongType"],
    ['do gas:_start_recipe {"name":"x","id":77,"sort":true}', "error_do gas:_start_recipe Impossible"],
    ["check cryo:ramp 1", "error_check cryo:ramp NotCheckable"],
    ["check cryo:target 400", "error_check cryo:target RangeError"],
    ["activate nomod", "error_activate nomod NoSuchModule"],
    ['logging cryo "loud"', "error_logging cryo RangeError"],
    ["foo bar", "error_foo bar ProtocolError"],
    ["READ cryo:value", "error_READ cryo:value ProtocolError"],
  ];
  for (const [line, answer] of refused) {
    it(`answers "${line}" with ${answer.split(" ").at(-1)}`, async () => {
      expect(refusal(await client.ask(line))).to.equal(answer);
    });
  }

  it("answers an action that is not a word, and continues", async () => {
    client.sendBytes(Buffer.from([0xff, 0xfe, 0x20, 0xc3, 0x0a]));
    expect((await client.until("error_"))[0]).to.match(/^error_\?+ \? \["ProtocolError"/);
    expect(await client.ask("ping 1")).to.match(/^pong 1 /);
  });

  it("accepts requests in any chunks, with CR, and with spaces in the data", async () => {
    client.sendBytes(Buffer.from("change types:_str"));
    client.sendBytes(Buffer.from('ing "a b  c"\r\nping\r\n'));
    expect((await client.until("pong"))[0]).to.match(/^changed types:_string \["a b {2}c", /);
  });

  it("sends all values, then active, then changes, and nothing after deactivate", async () => {
    client.send("activate");
    const dump = await client.until("active");
    expect(dump.at(-1)).to.equal("active");
    expect(dump.filter((line) => line.startsWith("update cryo:value "))).to.have.length(1);
    expect(dump.join()).not.to.contain("types:_constant");
    client.send("change cryo:target 12");
    const lines = await client.until("changed cryo:target");
    expect(value(lines.find((line) => line.startsWith("update cryo:status")) ?? "[]")).to.deep.equal([
      370,
      "going to 12 K",
    ]);
    await client.until("update cryo:value");
    client.send("deactivate", "change cryo:target 11", "ping end");
    const after = await client.until("pong end");
    expect(after.slice(after.indexOf("inactive") + 1).filter((line) => line.startsWith("update"))).to.deep.equal([]);
  });

  it("reports what cannot be read, in answers and in updates", async () => {
    const faulty = await startSimNode({ modules: ["faulty"] });
    const own = await LineClient.open(faulty.port);
    try {
      const read = await own.ask("read faulty:_broken");
      expect(refusal(read)).to.equal("error_read faulty:_broken HardwareError");
      own.send("activate");
      const dump = await own.until("active");
      expect(dump.filter((line) => line.startsWith("error_update faulty:_broken "))).to.have.length(1);
    } finally {
      own.close();
      await faulty.close();
    }
  });

  it("activates and deactivates single modules", async () => {
    client.send("activate magnet");
    const dump = await client.until("active magnet");
    expect(dump.every((line) => /^(update magnet:|active magnet$)/.test(line))).to.equal(true);
    client.send("change types:_int 5", "change magnet:ramp 2", "deactivate magnet", "change magnet:ramp 1", "ping end");
    const lines = (await client.until("pong end")).map((line) => line.split(" [")[0]);
    expect(lines.filter((line) => !line?.startsWith("pong"))).to.deep.equal([
      "changed types:_int",
      "update magnet:ramp",
      "changed magnet:ramp",
      "inactive magnet",
      "changed magnet:ramp",
    ]);
  });

  it("sends changes to other clients", async () => {
    const other = await LineClient.open(node.port);
    other.send("activate types");
    await other.until("active");
    client.send("change types:_int 7");
    expect(value((await other.until("update types:_int")).at(-1) ?? "")).to.equal(7);
    other.close();
  });

  it("runs a command that makes it busy, and refuses a second one meanwhile", async () => {
    client.send("activate gas");
    await client.until("active");
    client.send('do gas:_start_recipe {"name":"Ä","id":2,"sort":false}');
    const lines = await client.until("done");
    expect(lines.some((line) => line.startsWith("update gas:status [[300,"))).to.equal(true);
    expect(value(lines.at(-1) ?? "")).to.equal(4);
    client.send('do gas:_start_recipe {"name":"b","id":1,"sort":true}');
    expect(refusal((await client.until("error_do")).at(-1) ?? "")).to.match(/IsBusy$/);
    await client.until("update gas:status [[100,");
  });

  it("keeps the optional members of a struct that are left out", async () => {
    await client.ask('change types:_struct {"name":"a","count":5}');
    expect(value(await client.ask('change types:_struct {"name":"b"}'))).to.deep.equal({ name: "b", count: 5 });
  });

  it("keeps integers beyond 2^53 exactly", async () => {
    expect(await client.ask("change types:_int64 1152921504606846977")).to.contain("[1152921504606846977, ");
  });

  it("answers check without changing anything", async () => {
    expect(await client.ask("check cryo:target 20")).to.match(/^checked cryo:target \[20, \{/);
    expect(value(await client.ask("read cryo:target"))).to.equal(10);
  });

  it("reports the closest valid value when check refuses a number", async () => {
    for (const [request, closest] of [
      ["check cryo:target 400", 325],
      ["check cryo:target -1", 0],
    ] as const) {
      const [code, , more] = JSON.parse((await client.ask(request)).split(" ").slice(2).join(" "));
      expect([code, more.closest_valid]).to.deep.equal(["RangeError", closest]);
    }
  });

  it("refuses at check what its configuration rules out, in any status", async () => {
    const recipe = (id: number) => `gas:_start_recipe {"name":"x","id":${id},"sort":true}`;
    expect(refusal(await client.ask(`check ${recipe(77)}`))).to.match(/Impossible$/);
    await client.ask(`do ${recipe(1)}`);
    expect(await client.ask(`check ${recipe(1)}`), "though it is busy").to.match(/^checked /);
    await client.ask("do gas:stop");
  });

  it("sends log messages to the client that asked, at its level", async () => {
    expect(await client.ask('logging gas "info"')).to.equal('logging gas "info"');
    client.send('do gas:_start_recipe {"name":"x","id":1,"sort":true}');
    expect((await client.until("done")).filter((line) => line.startsWith("log gas:info "))).to.have.length(1);
    await client.ask("do gas:stop");
    await client.ask("logging  false");
    client.send('do gas:_start_recipe {"name":"x","id":1,"sort":true}');
    expect((await client.until("done")).filter((line) => line.startsWith("log"))).to.deep.equal([]);
  });

  it("forgets everything at *IDN?", async () => {
    client.send("activate", "*IDN?", "change types:_int 9", "ping end");
    await client.until("ISSE");
    expect((await client.until("pong end")).map((line) => line.split(" ")[0])).to.deep.equal(["changed", "pong"]);
  });

  it("answers help with a list of messages", async () => {
    client.send("");
    expect((await client.until("helping")).length).to.be.greaterThan(2);
  });

  it("takes the heater from the regulation and returns it", async () => {
    await client.ask("change heater:target 5");
    expect(value(await client.ask("read cryo:control_active"))).to.equal(false);
    expect(value(await client.ask("read heater:controlled_by"))).to.equal(0);
    await client.ask("change cryo:target 8");
    expect(value(await client.ask("read cryo:control_active"))).to.equal(true);
    expect(value(await client.ask("read heater:controlled_by"))).to.equal(1);
  });

  it("counts, and sends the image as a matrix", async () => {
    client.send("activate camera", "do camera:go");
    await client.until("done camera:go");
    await client.until("update camera:status [[100,");
    const { len, blob } = value(
      await client.ask("read camera:_image").then(() => client.ask("do camera:get_data")),
    ) as {
      len: number[];
      blob: string;
    };
    expect(len).to.deep.equal([32, 24]);
    expect(Buffer.from(blob, "base64").readUInt32LE(4 * (12 * 32 + 16))).to.equal(50);
  });

  it("speaks WebSocket on the same port", async () => {
    const socket = new WebSocket(`ws://${node.uri}`);
    const answers: string[] = [];
    await new Promise<void>((resolve, reject) => {
      socket.on("error", reject);
      socket.on("open", () => {
        socket.send("*IDN?");
        socket.send("read cryo:target\n");
      });
      socket.on("message", (data) => {
        answers.push(data.toString());
        if (answers.length === 2) resolve();
      });
    });
    expect(answers[0]).to.match(/^ISSE/);
    expect(value(answers[1] ?? "")).to.equal(10);
    socket.terminate();
  });

  it("waits for enough bytes to tell HTTP from SECoP", async () => {
    for (const byte of "GE") client.sendBytes(Buffer.from(byte));
    client.sendBytes(Buffer.from("X cryo:value\n"));
    expect((await client.until("error_")).at(-1)).to.match(/^error_GEX cryo:value \["ProtocolError"/);
  });

  it("answers a browser with a hint", async () => {
    const response = await fetch(`http://${node.uri}/`);
    expect(response.status).to.equal(426);
    expect(await response.text()).to.match(/SEC node/);
  });

  it("disconnects its clients, and serves new ones", async () => {
    node.dropClients();
    await client.closed;
    client = await LineClient.open(node.port);
    expect(await client.ask("ping 1")).to.match(/^pong 1/);
  });

  it("can be redescribed: clients get error_closed until *IDN?, or are disconnected", async () => {
    const other = realDescription("cryo");
    client.send("activate");
    await client.until("active");
    node.redescribe(other, "error_closed");
    expect((await client.until("error_closed")).at(-1)).to.equal("error_closed");
    expect(await client.ask("read cryo:value")).to.equal("error_closed");
    expect(await client.ask("*IDN?")).to.match(/^ISSE/);
    expect(JSON.parse((await client.ask("describe")).slice("describing . ".length))).to.deep.equal(other);
    node.redescribe(other);
    await client.closed;
  });

  it("closes its connections when it is closed", async () => {
    await node.close();
    await client.closed;
    expect(
      await LineClient.open(node.port).then(
        () => "open",
        (error) => error.code,
      ),
    ).to.equal("ECONNREFUSED");
    node = await startSimNode();
  });

  it("refuses an unknown module and an impossible speed", async () => {
    expect(
      await startSimNode({ modules: ["cryo", "laser"] }).then(
        () => "",
        (e) => e.message,
      ),
    ).to.match(/no module laser/);
    expect(
      await startSimNode({ speed: 0 }).then(
        () => "",
        (e) => e.message,
      ),
    ).to.match(/speed 0/);
  });
});
