/** A node whose every word has an escape sequence: none of them reaches a terminal or a page as it is. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { cellErrorOf } from "../../kernel/output/cellError";
import { generateClasses } from "../../lib/codegen/generateClasses";
import { initDevices } from "../../lib/core/device/initDevices";
import { type DynamicNode, SecopNodeDevice } from "../../lib/devices/node/secopNodeDevice";
import { $display, type Displayable } from "../../lib/display/mimeBundle";
import { errorText } from "../../lib/errors";
import { closeLogs } from "../../lib/log";
import { count, mv, preview, scan } from "../../lib/plans";
import { quietEngine } from "../support/quietEngine";
import { ScriptedNode } from "../support/scriptedNode";
import { item } from "../support/wait";

/**
 * Clears the screen, sets the title of the window, reverses the text, and goes back to the start of the line.
 */
const EVIL = "\u001b[2J\u001b]0;owned\u0007\u202e\r\u009b31m";
/** What none of the texts may contain. */
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const evil = (word: string) => `${word}${EVIL}`;
const double = { type: "double", min: 0, max: 10, unit: evil("K") };
const choices = { type: "enum", members: { [evil("on")]: 1, [evil("off")]: 0 } };
const states = { [evil("IDLE")]: 100, [evil("BUSY")]: 300, [evil("ERROR")]: 400 };
const status = { type: "tuple", members: [{ type: "enum", members: states }, { type: "string" }] };
const parameter = (datainfo: object, readonly = false) => ({
  description: evil("about"),
  datainfo,
  readonly,
  group: evil("g"),
});

const DESCRIPTION = {
  equipment_id: evil("node"),
  description: evil("a node"),
  firmware: evil("f"),
  _custom: evil("c"),
  modules: {
    [evil("n")]: {
      description: evil("another"),
      interface_classes: [evil("X"), "Readable"],
      accessibles: { value: parameter(double, true), [evil("p")]: parameter(double) },
    },
    m: {
      description: evil("a module"),
      implementation: evil("lab.M"),
      group: evil("cold"),
      features: [evil("_f")],
      interface_classes: ["Drivable", "Writable", "Readable"],
      accessibles: {
        value: parameter(double, true),
        target: parameter(double),
        status: parameter(status, true),
        _choice: parameter(choices),
        _struct: parameter({ type: "struct", members: { [evil("x")]: double } }),
        _text: parameter({ type: "string", maxchars: 3 }),
        stop: { description: evil("stops"), datainfo: { type: "command" } },
        _cmd: { description: evil("does"), datainfo: { type: "command", argument: choices } },
      },
    },
  },
};

describe("the words of a hostile node", () => {
  let scripted: ScriptedNode;
  let node: DynamicNode;
  let dir: string;
  const { RE } = quietEngine();

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "hostile-"));
    scripted = await ScriptedNode.start();
    scripted.description = DESCRIPTION;
    scripted.answer = (line) => {
      const [action, specifier = ""] = line.split(" ", 2);
      if (action === "read" && specifier === "m:_text")
        return `error_read m:_text ${JSON.stringify([`HardwareError:${EVIL}`, evil("broken"), {}])}`;
      if (action === "read") return `reply ${specifier} [1, {}]`;
      if (action === "do") return `error_do ${specifier} ${JSON.stringify(["Impossible", evil("not now"), {}])}`;
      if (action === "change") return `error_change ${specifier} ${JSON.stringify([evil("Strange"), evil("no"), {}])}`;
      return undefined;
    };
    ({ node } = await initDevices({ node: new SecopNodeDevice(scripted.uri, { logDir: dir, logLevel: "DEBUG" }) }));
    const next = item(node.client, "m", "status");
    scripted.update(`update m:status [[400, ${JSON.stringify(evil("hot"))}], {}]`, "update m:value [1, {}]");
    scripted.update(`log m:error ${JSON.stringify(evil("log"))}`, `update ${EVIL.replaceAll("\r", "")}:x [1, {}]`);
    await next;
  });

  after(async () => {
    await node.dispose();
    await scripted.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const m = () => node.m;
  const attempts: Record<string, () => unknown> = {
    "a value beyond its limits": () => m().set(20),
    "a value that is refused": () => m().target.set(5),
    "a wrong choice": () => m().choice.set("x"),
    "a wrong member": () => m().struct.set({ y: 1 }),
    "a member beyond its limits": () => m().struct.set({ [evil("x")]: 99 }),
    "a text that is too long": () => m().text.set(evil("x")),
    "a parameter that cannot be read": () => m().text.getValue({ cached: false }),
    "a group read": () => m().readConfiguration(),
    "a command that is refused": () => m().cmd.execute(evil("on")),
    "a command with a wrong argument": () => m().cmd.execute("x"),
    "a module that does not exist": () => node.client.read(evil("z"), "value"),
    "a parameter that does not exist": () => node.client.read("m", evil("z")),
    "a check of a value": () => m().checkValue(20),
    "a state that is an error": () => m().waitForIdle({ timeout: 0.5 }),
    "a plan that moves": () => RE(mv(m(), 5)),
    "a scan beyond the limits": () => RE(scan([m()], m(), 1, 20, 3)),
    "a count of all that cannot be read": () => RE(count([node])),
  };
  for (const [what, attempt] of Object.entries(attempts)) {
    it(`are harmless in the error of ${what}`, async () => {
      let thrown: unknown;
      try {
        await attempt();
      } catch (error) {
        thrown = error;
      }
      expect(thrown, "was expected to fail").to.be.instanceOf(Error);
      const { ename, evalue, traceback } = cellErrorOf(thrown);
      const { message } = thrown as Error;
      for (const text of [message, errorText(thrown), ename, evalue, ...traceback, String(thrown)]) {
        expect(text).to.not.match(UNSAFE);
      }
    });
  }

  it("are harmless in displays", async () => {
    const members = [...node.modules.values()].flatMap((module) => [...module.accessibles.values()]);
    const shown = [node, node.client, ...node.modules.values(), ...members, await preview(mv(m(), 20))];
    for (const object of shown as Displayable[]) {
      const bundle = await object[$display]();
      for (const text of Object.values(bundle)) expect(String(text)).to.not.match(UNSAFE);
    }
  });

  it("are harmless in the log and in a class file", async () => {
    const file = await generateClasses(node, { dir, file: "hostile.ts" });
    await closeLogs();
    for (const path of [file, join(dir, "secop-lab.log")]) {
      const text = readFileSync(path, "utf8");
      expect(text).to.have.length.greaterThan(100);
      expect(text).to.not.match(UNSAFE);
    }
  });
});
