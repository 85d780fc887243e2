/** Tests of locks: what a file says, what has changed in a node since, and files that are damaged. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { parseDescription } from "../../../lib/index";
import { lockDrift, lockDriftText, readNodeLock, writeNodeLock } from "../../../lib/rerun";
import { hostileDescription } from "../../support/hostileDescription";

const K = { type: "double", unit: "K", min: 0, max: 300 };
const module = (target: object, more: object = {}) => ({
  description: "an oven",
  interface_classes: ["Writable"],
  accessibles: {
    value: { description: "", datainfo: { type: "double", unit: "K" }, readonly: true },
    target: { description: "", datainfo: target, readonly: false, ...more },
  },
});
const node = (modules: object, more: object = {}) => ({ equipment_id: "lab", description: "", modules, ...more });
const OVEN = node({ oven: module(K), pump: module(K), class: module(K) });

describe("the lock of a node", () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lock-"));
    path = join(folder, "nb.lock", "oven.json");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const lock = (raw: object, uri = "lab.example:10767") =>
    writeNodeLock(path, { uri, description: parseDescription(raw) });
  const changes = (raw: object) => {
    const found = readNodeLock(path);
    if (!found) throw new Error("there is no lock");
    return lockDrift(found, parseDescription(raw)).map(({ place, what, kind }) => [place, what, kind]);
  };

  it("is text with a member per line, the same for the same description, with the hash of start documents", () => {
    lock(OVEN);
    const text = readFileSync(path, "utf8");
    expect(text.split("\n").slice(0, 4)).to.deep.equal([
      "{",
      ' "secop_lab_lock": 1,',
      ' "uri": "lab.example:10767",',
      ' "equipment_id": "lab",',
    ]);
    expect(text).to.contain('"datainfo": {"type": "double", "unit": "K", "min": 0, "max": 300}');
    lock(OVEN);
    expect(readFileSync(path, "utf8")).to.equal(text);
    // The order of members does not count.
    expect(changes({ modules: OVEN.modules, equipment_id: "lab", description: "" })).to.deep.equal([]);
  });

  it("keeps no password, token or query of an address", () => {
    lock(OVEN, "wss://lab.example:8010/node?token=geheim#part");
    expect(readNodeLock(path)?.uri).to.equal("wss://lab.example:8010/node");
    lock(OVEN, "wss://user:geheim@lab.example:8010/node");
    expect(readFileSync(path, "utf8")).not.to.contain("geheim");
  });

  it("names what has changed, what breaks code first and texts last", () => {
    lock(OVEN);
    const now = node(
      {
        oven: module({ ...K, max: 200 }, { description: "where to" }),
        class: module({ type: "string" }),
        valve: module(K),
      },
      { firmware: "2" },
    );
    expect(changes(now)).to.deep.equal([
      ["pump", "is not a module of this node", "incompatible"],
      ["class:target", "is now string, was double", "incompatible"],
      ["oven:target", "has other limits or resolution: max 200, had 300", "harmless"],
      ["valve", "is a new module", "harmless"],
      ["oven:target", 'description "" then, "where to" now', "text"],
      ["the node", 'has firmware now: "2"', "text"],
    ]);
    const found = lockDrift(readNodeLock(path) as never, parseDescription(now));
    expect(found.map(({ module: wire, member }) => [wire, member]).slice(0, 2)).to.deep.equal([
      ["pump", "pump"],
      ["class", "class"],
    ]);
    expect(lockDriftText(found).split("\n")[0]).to.equal("  pump          is not a module of this node");
  });

  it("says first that another node answers", () => {
    lock(OVEN);
    const [first] = changes({ ...OVEN, equipment_id: "\x1b[31mother" });
    expect(first).to.deep.equal([
      "the node",
      'is another one: its equipment_id is "\\\\x1b[31mother", was "lab"',
      "incompatible",
    ]);
  });

  it("is read as it was written, whatever the node says, and nothing is lost on the way", () => {
    fc.assert(
      fc.property(hostileDescription, (raw) => {
        const json = JSON.parse(JSON.stringify(raw));
        lock(json);
        expect(readNodeLock(path)?.description).to.deep.equal(json);
        expect(changes(json)).to.deep.equal([]);
      }),
      { numRuns: 100 },
    );
  });

  it("is refused in one line if it is damaged", () => {
    lock(OVEN);
    const text = readFileSync(path, "utf8");
    const damaged: [string, RegExp][] = [
      [text.replace("300", "301"), /^oven\.json is damaged: its description does not have the hash that it names$/],
      [text.slice(0, 300), /^oven\.json is damaged: .*JSON/],
      ["", /^oven\.json is damaged: /],
      ["[]", /^oven\.json is not the lock of a node$/],
      ["null", /^oven\.json is not the lock of a node$/],
      ['{"secop_lab_lock": 1, "description": []}', /^oven\.json is not the lock of a node$/],
      ['{"secop_lab_lock": 7}', /^oven\.json is a lock of format 7: this version reads format 1$/],
    ];
    for (const [content, message] of damaged) {
      writeFileSync(path, content);
      expect(() => readNodeLock(path), content.slice(0, 20)).to.throw(message);
    }
    rmSync(path);
    expect(readNodeLock(path)).to.equal(undefined);
    mkdirSync(path);
    expect(() => readNodeLock(path)).to.throw(/^cannot read the lock .*: EISDIR/);
  });

  it("says in one line that it cannot be written", () => {
    writeFileSync(join(folder, "nb.lock"), "");
    expect(() => lock(OVEN)).to.throw(
      /^cannot write the lock .*oven\.json: EEXIST, a file stands where a folder should be$/,
    );
  });
});
