/** The text of recordings: times are moved exactly, damage is refused in words, nothing is executed. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { UsageError } from "../../../lib/errors";
import { parseRecording, readRecording } from "../../../lib/rerun";
import { compactJson, jsonHash, moveTime, prettyJson } from "../../../lib/rerun/format";
import { Redaction } from "../../../lib/rerun/record/redaction";
import { NodeState } from "../../../lib/rerun/replay/nodeState";
import { repository } from "../../peers/peers";
import { cases } from "../../support/fuzz";

const path = join(repository, "notebooks/06-again.rec");
const START = 1796009266;

const small = (lines: string): string =>
  `#secop-recording 1\n#client test\n#start ${START} 2026-11-30T03:27:46.000Z\n#seed 1\n${lines}`;

const refusalOf = (text: string): string => {
  try {
    parseRecording(text, "oven.rec");
    return "accepted";
  } catch (error) {
    expect(error).to.be.instanceOf(UsageError);
    return (error as Error).message;
  }
};

describe("the times of a node in a recording", () => {
  it("are decimal numbers, to the last digit, after a whole second", () => {
    expect(moveTime('update oven:value [1.5, {"t": 1796009266.4003732}]', -START)).to.equal(
      'update oven:value [1.5, {"t": 0.4003732}]',
    );
    expect(moveTime('reply a:b ["{\\"t\\": 5}", {"t": 1796009265.25, "e": 0.1}]', -START)).to.equal(
      'reply a:b ["{\\"t\\": 5}", {"t": -0.75, "e": 0.1}]',
    );
    expect(moveTime("change a:b 5", -START)).to.equal("change a:b 5");
    expect(moveTime("update a:b [5, {}]", -START)).to.equal("update a:b [5, {}]");
  });

  it("come back byte for byte", () => {
    const report = fc.tuple(
      fc.constantFrom("update", "reply", "changed", "error_update", "done"),
      fc.json(),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }),
    );
    fc.assert(
      fc.property(report, ([action, value, t]) => {
        const line = `${action} m:p [${value}, {"t": ${t}}]`;
        expect(moveTime(moveTime(line, -START), START)).to.equal(line);
      }),
      cases(2000),
    );
  });
});

describe("a description in a recording", () => {
  it("keeps its numbers as the node wrote them, and its hash whatever the order of members", () => {
    const json = '{"modules": {"a": {"max": 1.0, "list": [1, 2, {"x": 1e3}]}}, "t": "a \\"b\\" {"}';
    expect(compactJson(prettyJson(json)))
      .to.equal(compactJson(json))
      .and.contain('"max":1.0')
      .and.contain("1e3");
    expect(jsonHash('{"a": 1, "b": [2]}')).to.equal(jsonHash('{"b":[2.0],"a":1}'));
    expect(jsonHash('{"a": 1, "b": [2]}')).not.to.equal(jsonHash('{"a": 1, "b": [3]}'));
  });

  it("is the same value after it was written and read", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(JSON.parse(compactJson(prettyJson(json)))).to.deep.equal(JSON.parse(json));
      }),
      cases(2000),
    );
  });
});

describe("a damaged recording is refused with file and line", () => {
  const lines = "    0.100 1 + 10.0.0.1:10767\n    0.200 1 > *IDN?\n";
  for (const [what, text, words] of [
    ["something else", "hello\n", 'oven.rec is not a recording: its first line is not "#secop-recording 1"'],
    ["a later format", "#secop-recording 2\n", "oven.rec is a recording of format 2: this version reads format 1"],
    ["time that goes back", small(`${lines}    0.150 1 < x\n`), "oven.rec:7: time goes back from 0.2 s to 0.15 s"],
    [
      "an unknown sign",
      small(`${lines}    0.300 1 ? x\n`),
      'oven.rec:7: " 0.300 1 ? x" is not an entry: expected "<seconds> <connection> > <message>"',
    ],
    ["a connection that is not open", small("    0.100 2 > *IDN?\n"), "oven.rec:5: connection 2 is not open"],
    [
      "a missing description",
      small(`${lines}    0.300 1 < describing . @00112233\n`),
      "oven.rec:7: there is no description 00112233 above",
    ],
    [
      "an edited description",
      small(`#description ${jsonHash('{"a": 1}')}\n{"a": 2}\n#end\n`),
      `oven.rec:5: the description was changed by hand: its hash is ${jsonHash('{"a": 2}')}, not ${jsonHash('{"a": 1}')}`,
    ],
    ["no start", "#secop-recording 1\n", "oven.rec:1: it has no #start with the time of the recording"],
  ] as const) {
    it(`for ${what}`, () => {
      expect(refusalOf(text)).to.equal(words);
    });
  }

  it("but a last line that was cut off by kill -9 is left out and noted", () => {
    const { lines: kept, cutOff } = parseRecording(small(`${lines}    0.300 1 < ISSE,SEC`));
    expect(kept.map(({ text }) => text)).to.deep.equal(["10.0.0.1:10767", "*IDN?"]);
    expect(cutOff).to.equal(true);
  });

  it("but a last description that was cut off by a full disk is left out and noted", () => {
    const { lines: kept, cutOff } = parseRecording(small(`${lines}#description 0123\n{"modules": {\n "a": 1`));
    expect(kept.length).to.equal(2);
    expect(cutOff).to.equal(true);
    expect(refusalOf(small(`#description 0123\n{"modules": {\n "a": 1\n${lines}`))).to.equal(
      "oven.rec:5: the description 0123 has no #end",
    );
  });

  it("whatever was done to it: bytes changed, cut or put in", () => {
    const bytes = readFileSync(path).subarray(0, 60_000);
    const damage = fc.array(
      fc.record({
        at: fc.nat(bytes.length - 1),
        remove: fc.nat(40),
        insert: fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom("\n", "#end\n", "#description x\n", "\u0000")),
      }),
      { minLength: 1, maxLength: 4 },
    );
    let refused = 0;
    fc.assert(
      fc.property(damage, (changes) => {
        let damaged = bytes.toString("utf8");
        for (const { at, remove, insert } of changes)
          damaged = damaged.slice(0, at) + insert + damaged.slice(at + remove);
        const words = refusalOf(damaged);
        if (words === "accepted") return;
        refused += 1;
        expect(words).to.match(/^oven\.rec(:\d+:| is ).{5,}$/);
      }),
      cases(300),
    );
    expect(refused).to.be.greaterThan(50);
  });
});

describe("a recording", () => {
  it("is read packed, too, with the same entries", () => {
    const folder = mkdtempSync(join(tmpdir(), "recording-"));
    try {
      const packed = join(folder, "again.rec.gz");
      writeFileSync(packed, gzipSync(readFileSync(path)));
      expect(readRecording(packed).lines).to.deep.equal(readRecording(path).lines);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is the same with the marks that Windows and its editors put into texts", () => {
    const text = readFileSync(path, "utf8");
    const { lines, cutOff } = parseRecording(`\ufeff${text.replaceAll("\n", "\r\n")}`);
    expect(cutOff).to.equal(false);
    expect(lines).to.deep.equal(parseRecording(text).lines);
  });

  it("is refused in words when the packed file is not whole", () => {
    const folder = mkdtempSync(join(tmpdir(), "packed-"));
    const packed = gzipSync(readFileSync(path));
    const refused = (bytes: Uint8Array) => {
      writeFileSync(join(folder, "x.rec.gz"), bytes);
      return () => readRecording(join(folder, "x.rec.gz"));
    };
    try {
      expect(refused(packed.subarray(0, 500))).to.throw(UsageError, "x.rec.gz: the packed file was cut off");
      expect(refused(packed.fill(255, 30, 60))).to.throw(UsageError, "x.rec.gz: the packed file is damaged");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("leaves out what is redacted, and names what looks like a secret", () => {
    const noticed: string[] = [];
    const redaction = new Redaction(["io:_password", "*:_pin"], (name) => noticed.push(name));
    expect(redaction.apply('update io:_password ["abc", {"t": 5}]')).to.equal(
      'update io:_password ["<redacted>", {"t": 5}]',
    );
    expect(redaction.apply('change io:_password "abc"')).to.equal('change io:_password "<redacted>"');
    expect(redaction.apply('error_change x:_pin ["RangeError", "abc is wrong", {}]')).to.equal(
      'error_change x:_pin ["RangeError", "<redacted>", {}]',
    );
    expect(redaction.apply('update io:value ["abc", {"t": 5}]')).to.equal('update io:value ["abc", {"t": 5}]');
    redaction.apply('update io:_token ["abc", {}]');
    redaction.apply('update io:_token ["abc", {}]');
    expect(noticed).to.deep.equal([
      "io:_token looks like a secret: it is recorded. Leave it out with --redact io:_token",
    ]);
  });

  it("says once that nothing of a node is what should be left out, and what was probably meant", () => {
    const noticed: string[] = [];
    const redaction = new Redaction(["io:_pasword", "io:login", "*:_pin", "other:x"], (text) => noticed.push(text));
    const accessibles = { _password: { datainfo: { type: "string" } }, login: { datainfo: { type: "command" } } };
    redaction.described(JSON.stringify({ modules: { io: { accessibles } } }));
    redaction.described(JSON.stringify({ modules: { io: { accessibles } } }));
    expect(noticed).to.deep.equal([
      "the node has no io:_pasword to leave out of the recording: did you mean io:_password?",
      "the node has no other:x to leave out of the recording: is it of another node?",
    ]);
    expect(redaction.apply('do io:login "abc"')).to.equal('do io:login "<redacted>"');
  });

  it("leaves out a redacted value that stands where qualifiers are expected, and keeps qualifiers whole", () => {
    const redaction = new Redaction(["io:*"]);
    expect(redaction.apply('update io:keys [{"key": "abc"}]')).to.equal('update io:keys ["<redacted>"]');
    expect(redaction.apply('error_read io:keys ["RangeError", {"key": "abc"}]')).to.equal(
      'error_read io:keys ["RangeError", "<redacted>"]',
    );
    expect(redaction.apply('reply io:keys [{"key": "abc"}, {"t": 5.10, "by": {"x": "}"}}]')).to.equal(
      'reply io:keys ["<redacted>", {"t":5.1,"by":{"x":"}"}}]',
    );
    expect(redaction.apply('reply io:keys ["abc", {"t": 5.10}]')).to.equal('reply io:keys ["<redacted>", {"t": 5.10}]');
  });
});

describe("the state of a recorded node", () => {
  it("acknowledges a change to what it has, and survives reports that are not lists", () => {
    const state = new NodeState();
    for (const report of ["oven:target [10.0, {}]", "oven:mode null", "oven:text {", "oven:list [[1, 2], {}]"])
      state.receive(`update ${report}`);
    expect(state.unchanged("change oven:target 10")).to.equal("changed oven:target [10.0, {}]");
    expect(state.unchanged("check oven:target 1e1")).to.equal("checked oven:target [10.0, {}]");
    expect(state.unchanged("change oven:list [1,2.0]")).to.equal("changed oven:list [[1, 2], {}]");
    for (const other of ["change oven:target 11", "change oven:mode null", "change oven:text 1", "change oven:list ["])
      expect(state.unchanged(other), other).to.equal(undefined);
    expect([...state.values("oven")]).to.deep.equal([
      ["target", 10],
      ["list", [1, 2]],
    ]);
  });
});
