/** Values of all types, errors and commands come back from a recording, exactly and for any client. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { errorText } from "../../../lib/errors";
import {
  ExactReplay,
  nodeKey,
  parseRecording,
  readRecording,
  startFollowing,
  startRecording,
} from "../../../lib/rerun";
import { SecopClient } from "../../../lib/secop/client";
import { type SimNode, startSimNode } from "../../../lib/sim";
import { simulate } from "../../../lib/sim/simulate";

type Session = (client: SecopClient) => Promise<unknown>;

describe("what a client read, set and called", function () {
  this.timeout(60_000);
  let folder: string;
  let sim: SimNode;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "values-"));
    sim = await startSimNode({ speed: 50, version: "2.0" });
  });
  after(async () => {
    await sim.close();
    rmSync(folder, { recursive: true });
  });

  async function withClient<T>(uri: string, session: (client: SecopClient) => Promise<T>): Promise<T> {
    const client = new SecopClient(uri);
    try {
      await client.connect();
      return await session(client);
    } finally {
      await client.close();
    }
  }

  const change = (parameter: string, ...values: unknown[]): Session => {
    return async (client) => {
      const found: unknown[] = [];
      for (const value of values) found.push((await client.change("types", parameter, value as never)).value);
      return found;
    };
  };
  const values = (module: string, ...parameters: string[]): Session => {
    return async (client) => {
      const items = await Promise.all(parameters.map((parameter) => client.read(module, parameter)));
      return items.map(({ value }) => value);
    };
  };

  const sessions: Record<string, Session> = {
    "a matrix": change("_matrix2", [
      [1, 2],
      [3, 4],
    ]),
    "a struct with brackets and quotes": change("_struct", { name: 'a"{}[]\\', count: 3 }),
    "a text that looks like the qualifiers of a report": change("_text", '{"t": 17} \u00fc \u2028'),
    "an integer beyond 2^53": change("_int64", 4_611_686_018_427_387_001n),
    bytes: change("_blob", new Uint8Array([1, 2, 255])),
    "a scaled number": change("_scaled", 12.3),
    "the same value twice, and others in between": change("_double", 10, 10, 20, 10, 20, 20),
    "several parameters at once": values("cryo", "target", "ramp", "mode", "_tolerance"),
    "the same parameter at once": values("cryo", "target", "target", "target"),
    "a command with an argument": (client) => client.do("gas", "_purge", 1.5),
    "what was refused": (client) =>
      Promise.all([
        client.read("no", "x").catch(errorText),
        client.change("cryo", "target", 1e9).catch(errorText),
        client.do("cryo", "no").catch(errorText),
      ]),
  };

  for (const [what, session] of Object.entries(sessions)) {
    it(`is the same in both kinds of replay: ${what}`, async () => {
      const path = join(folder, "session.rec");
      const recording = startRecording(path, { notice: () => {} });
      const original = await withClient(sim.uri, session).finally(() => recording.close());
      const exact = new ExactReplay(readRecording(path)).start();
      expect(await withClient(sim.uri, session).finally(() => exact.stop())).to.deep.equal(original);
      expect(exact.text).to.match(/ 0 reads from the state, 0 refused$/);
      await using node = await startFollowing(readRecording(path), nodeKey(sim.uri));
      expect(await withClient(node.uri, session)).to.deep.equal(original);
      expect(node.text).to.match(/ 0 refused/);
    });
  }

  it("is refused in words where the recording is empty, or would unpack to more than a recording may have", async () => {
    const empty = parseRecording("#secop-recording 1\n#start 1796054935 x\n#seed 1\n", "x.rec");
    const refused = await simulate(empty).then(String, errorText);
    expect(refused).to.equal("x.rec holds no node");
    const bomb = join(folder, "bomb.rec.gz");
    writeFileSync(bomb, gzipSync(Buffer.alloc(257 * 1024 * 1024)));
    expect(() => readRecording(bomb)).to.throw(
      `cannot read the recording ${bomb}: it is too long: unpacked it has more than 256 MB`,
    );
  });
});
