/** Recordings and locks whose every text tries to run as code, to be HTML, or to command a terminal. */

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { expect } from "chai";
import fc from "fast-check";
import { nodeClass } from "../../lib/codegen/nodeClass";
import { SecopNodeDevice } from "../../lib/devices/node/secopNodeDevice";
import { $display } from "../../lib/display/mimeBundle";
import { errorText } from "../../lib/errors";
import { parseDescription } from "../../lib/index";
import {
  descriptionDifferences,
  ExactReplay,
  lockDrift,
  lockDriftText,
  parseRecording,
  readNodeLock,
  readRecording,
  recordedNodes,
  verifyHtml,
  verifyText,
  writeNodeLock,
} from "../../lib/rerun";
import { jsonHash, prettyJson } from "../../lib/rerun/format";
import { twinParts } from "../../lib/sim/twin";
import { sourceProblems } from "../codegen/sourceShape";
import { cases } from "../support/fuzz";
import { hostileDescription, text } from "../support/hostileDescription";

/** Sets `tripped` wherever it is executed. */
const WIRE = "globalThis.tripped=1";
const words = fc.oneof(
  text,
  fc.constantFrom(
    `\${${WIRE}}`,
    `");${WIRE};("`,
    `*/${WIRE}/*`,
    `<script>${WIRE}</script>`,
    `<img src=x onerror=${WIRE}>`,
    `[[${WIRE}]]`,
    '{"__proto__": {"tripped": 1}}',
    `cell 1 ${WIRE}`,
    "event primary @ 1",
    "../../escaped",
    "\u001b]0;owned\u0007\u001b[2J\u202e",
  ),
);

/** What no text for a terminal may contain. */
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
/** The elements of a report, and of the display of a node. */
const ELEMENTS =
  /^(?:html|head|meta|title|style|body|h1|h2|span|p|ul|li|div|table|thead|tbody|tr|th|td|details|summary|small|font|b|i|em|strong|code|pre|br|wbr|caption)$/;

/** The icon of a page that needs no other file. */
const ICON = '<link rel="icon" href="data:,">';

const oneLineOf = (value: string) => value.replace(/[\r\n]/g, " ");

interface Words {
  readonly json: { readonly modules: Record<string, { readonly accessibles: object }> };
  readonly client: string;
  readonly mark: string;
  readonly value: string;
  readonly reason: string;
}

const hostile = fc.record({ json: hostileDescription, client: words, mark: words, value: words, reason: words });

/** The recording of a session with the node of a description, with these words in all its places. */
function recordingText({ json, client, mark, value, reason }: Words): string {
  const [said, quoted] = [oneLineOf(mark), JSON.stringify(value)];
  const description = JSON.stringify(json);
  const hash = jsonHash(description);
  const parameters = Object.entries(json.modules).flatMap(([module, { accessibles }]) =>
    Object.keys(accessibles).map((name) => oneLineOf(`${module}:${name}`).replaceAll(" ", "_")),
  );
  const updates = parameters.flatMap((specifier, i) => [
    `0.50${i % 10} 1 < ${i % 3 === 2 ? `error_update ${specifier} [${quoted}, ${quoted}, {}]` : `update ${specifier} [${quoted}, {"t": 0.1, ${quoted}: ${quoted}}]`}`,
  ]);
  return [
    "#secop-recording 1",
    `#client ${oneLineOf(client)}`,
    "#start 1796009266 x",
    "#seed 1",
    `#redacted ${oneLineOf(client)}`,
    `0.100 0 * mark ${said}`,
    `0.100 0 * cell ${said}`,
    `0.100 0 * ${said}`,
    "0.200 1 + localhost:1",
    "0.200 1 > *IDN?",
    `0.210 1 < ISSE,SECoP,V2019-09-16,${said}`,
    "0.220 1 > describe",
    `#description ${hash}`,
    `${prettyJson(description)}#end`,
    `0.300 1 < describing . @${hash}`,
    "0.400 1 > activate",
    ...[...updates].sort(),
    "0.600 1 < active",
    `0.700 0 ! ${said}`,
    `0.900 1 - ${oneLineOf(reason)}`,
    "",
  ].join("\n");
}

describe("a hostile recording", function () {
  this.timeout(240_000);
  let folder: string;
  const { exit } = process;
  const own = Reflect.ownKeys(Object.prototype).length;
  type Wired = { tripped?: unknown };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "hostile-"));
    process.exit = (() => {
      (globalThis as Wired).tripped = "process.exit";
    }) as never;
  });
  afterEach(() => {
    process.exit = exit;
    rmSync(folder, { recursive: true });
  });

  const expectNothingRan = () => {
    expect((globalThis as Wired).tripped).to.equal(undefined);
    expect(({} as Wired).tripped).to.equal(undefined);
    expect(Reflect.ownKeys(Object.prototype).length).to.equal(own);
  };
  const expectPlain = (shown: string) => expect(shown).not.to.match(UNSAFE);
  const expectHarmless = (html: string) => {
    const tags = [...html.matchAll(/<\/?([a-z][^\s>/]*)[^>]*>/gi)];
    for (const [tag, name] of tags) {
      if (tag === ICON) continue;
      expect(name, tag).to.match(ELEMENTS);
      expect(tag).not.to.match(/\son\w+\s*=|javascript:/i);
    }
  };

  it("would be noticed if it were executed or shown as it is", () => {
    expect(() => expectHarmless(`<p><img src=x onerror=${WIRE}></p>`)).to.throw("img");
    expect(() => expectPlain("a\u001b[2J")).to.throw();
    runInThisContext(WIRE);
    expect(expectNothingRan).to.throw();
    delete (globalThis as Wired).tripped;
    expectNothingRan();
  });

  it("is text in messages, class files, reports and twins, whatever it says", async () => {
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (one, other) => {
        const recordings = [one, other].map((made) => parseRecording(recordingText(made), "x.rec"));
        const described = recordings.flatMap((recording) => [...recordedNodes(recording).values()]);
        for (const json of described) {
          const description = parseDescription(JSON.parse(json));
          expect(sourceProblems(nodeClass(description, { className: "TestNode", file: "x.ts" }))).to.deep.equal([]);
        }
        const [then = "{}", now = "{}"] = described;
        const nodes = descriptionDifferences(then, now);
        const failures = await Promise.all(
          recordings.map((recording) => twinParts(recording).then(() => "", errorText)),
        );
        const findings = {
          cells: [one.mark],
          nodes,
          failures,
          runs: [other.value],
          outputs: [],
          versions: [one.client],
        };
        expectHarmless(verifyHtml(one.reason, findings));
        expectPlain(verifyText({ ...findings, cells: [], runs: [], versions: [] }));
        expectNothingRan();
      }),
      cases(150),
    );
  });

  it("is replayed as data: the display of its node has its words, and nothing of them runs", async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (made) => {
        const path = join(folder, "x.rec");
        writeFileSync(path, recordingText(made));
        const exact = new ExactReplay(readRecording(path)).start();
        const node = new SecopNodeDevice("localhost:1", { name: "lab" });
        try {
          const failure = await node.connect().then(() => undefined, errorText);
          if (failure !== undefined) expectPlain(failure);
          else {
            const shown = node[$display]();
            expectHarmless(String(shown["text/html"]));
            expectPlain(String(shown["text/plain"]));
          }
        } finally {
          await node.dispose();
          exact.stop();
        }
        expectPlain(exact.text);
        expectNothingRan();
        expect(readdirSync(folder)).to.deep.equal(["x.rec"]);
      }),
      cases(25),
    );
  });

  it("is a lock whose changes are text, in a file that no word of the node names", () => {
    fc.assert(
      fc.property(hostile, hostile, words, (one, other, uri) => {
        const path = join(folder, "nb.lock", "lab.json");
        writeNodeLock(path, { uri, description: parseDescription(one.json) });
        const lock = readNodeLock(path);
        if (!lock) throw new Error("there is no lock");
        const drift = lockDrift(lock, parseDescription(other.json));
        expectPlain(lockDriftText(drift));
        expectHarmless(
          verifyHtml("lock", {
            cells: [],
            nodes: drift.map(({ place, what }) => `${place} ${what}`),
            failures: [],
            runs: [],
            outputs: [],
            versions: [],
          }),
        );
        expectNothingRan();
        expect(readdirSync(folder)).to.deep.equal(["nb.lock"]);
        expect(readdirSync(join(folder, "nb.lock"))).to.deep.equal(["lab.json"]);
      }),
      cases(300),
    );
  });
});
