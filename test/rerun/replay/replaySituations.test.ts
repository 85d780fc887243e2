/**
 * What happens beside messages is replayed, too: lost connections, pauses, WebSocket, matrices and several
 * nodes.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { firstValueFrom } from "rxjs";
import { filter } from "rxjs/operators";
import { type DynamicNode, SecopNodeDevice } from "../../../lib/devices/node/secopNodeDevice";
import { makeRunEngine } from "../../../lib/engine/runEngine";
import { count, mv, pause, rampScan, scan } from "../../../lib/plans";
import { ExactReplay, readRecording, startRecording } from "../../../lib/rerun";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { delayFor } from "../../../lib/timeLimit";
import { startFrappy } from "../../peers/frappy";
import { freePort } from "../../support/freePort";
import { documentText, expectSameDocuments } from "../sameDocuments";

type Documents = (readonly [name: string, doc: object])[];
type Session = (documents: Documents) => Promise<void>;

describe("a replay without the nodes", function () {
  this.timeout(120_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "situations-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Records a session, ends its nodes, and replays it three times: its documents are the same. */
  async function replaysTheSame(session: Session, end: () => Promise<void>): Promise<Documents> {
    const path = join(folder, "session.rec");
    const recording = startRecording(path);
    const original: Documents = [];
    try {
      await session(original);
    } finally {
      recording.close();
      await end();
    }
    for (let i = 0; i < 3; i += 1) {
      const exact = new ExactReplay(readRecording(path)).start();
      const again: Documents = [];
      await session(again).finally(() => exact.stop());
      expectSameDocuments(documentText({ documents: again }), documentText({ documents: original }));
      expect(exact.text, exact.text).to.match(/ 0 reads from the state, 0 refused$/);
    }
    return original;
  }

  function engine(documents: Documents) {
    const RE = makeRunEngine();
    RE.subscribe((name, doc) => void documents.push([name, structuredClone(doc)]));
    return RE;
  }

  const connected = async (uri: string, name: string): Promise<DynamicNode> => {
    const node: DynamicNode = new SecopNodeDevice(uri, { name, onDisconnect: "wait" });
    await node.connect();
    return node;
  };

  const events = (documents: Documents) => documents.filter(([name]) => name === "event");

  it("gives the same over WebSocket", async () => {
    const sim = await startSimNode({ speed: 40 });
    const documents = await replaysTheSame(
      async (into) => {
        const node = await connected(`ws://${sim.uri}`, "lab");
        try {
          await engine(into)(scan([node.cryo, node.heater], node.cryo, 5, 7, 3));
        } finally {
          await node.dispose();
        }
      },
      () => sim.close(),
    );
    expect(events(documents).length).to.equal(3);
  });

  it("gives the same images of a node of SECoP 2.0", async () => {
    const sim = await startSimNode({ speed: 40, version: "2.0", modules: ["camera", "cryo"] });
    const documents = await replaysTheSame(
      async (into) => {
        const node = await connected(sim.uri, "lab");
        try {
          await engine(into)(count([node.camera], 2));
        } finally {
          await node.dispose();
        }
      },
      () => sim.close(),
    );
    expect(events(documents).length).to.equal(2);
  });

  it("gives the same of a simulated and a frappy node in one plan", async () => {
    const [sim, frappy] = await Promise.all([startSimNode({ speed: 40 }), startFrappy("quickCryo")]);
    const documents = await replaysTheSame(
      async (into) => {
        const [lab, cold] = await Promise.all([connected(sim.uri, "lab"), connected(frappy.uri, "cold")]);
        const RE = engine(into);
        try {
          await RE(scan([lab.sensor, cold.cryo], lab.cryo, 5, 6, 2));
          await RE(rampScan([lab.sensor, lab.heater], cold.cryo, 27, { period: 0.3 }));
        } finally {
          await Promise.all([lab.dispose(), cold.dispose()]);
        }
      },
      async () => void (await Promise.all([sim.close(), frappy.stop()])),
    );
    expect(events(documents).length).to.be.greaterThan(4);
  });

  it("gives the same where the node was gone for a while in the middle of a plan", async () => {
    const sim = await startSimNode({ speed: 40 });
    const documents = await replaysTheSame(
      async (into) => {
        const node = await connected(sim.uri, "lab");
        const plan = function* () {
          yield* count([node.sensor], 1);
          sim.dropClients();
          yield* count([node.cryo, node.sensor], 2);
          yield* mv(node.cryo, 5);
          yield* count([node.cryo], 1);
        };
        try {
          await engine(into)(plan());
        } finally {
          await node.dispose();
        }
      },
      () => sim.close(),
    );
    expect(events(documents).length).to.equal(4);
  });

  for (const [way, step] of [
    ["back", -100_000],
    ["forward", 100_000],
  ] as const) {
    it(`gives the same where the clock of the computer was set ${way} meanwhile`, async () => {
      const sim = await startSimNode({ speed: 40 });
      const { now } = Date;
      let isRecorded = true;
      const documents = await replaysTheSame(
        async (into) => {
          const node = await connected(sim.uri, "lab");
          const RE = engine(into);
          try {
            await RE(count([node.cryo], 2));
            if (isRecorded) Date.now = () => now() + step;
            await RE(scan([node.sensor], node.cryo, 5, 6, 3));
          } finally {
            Date.now = now;
            isRecorded = false;
            await node.dispose();
          }
        },
        () => sim.close(),
      );
      expect(events(documents).length).to.equal(5);
    });
  }

  it("gives the same where the plan was paused and resumed", async () => {
    const sim = await startSimNode({ speed: 40 });
    const documents = await replaysTheSame(
      async (into) => {
        const node = await connected(sim.uri, "lab");
        const RE = engine(into);
        const plan = function* () {
          yield* scan([node.cryo], node.cryo, 5, 6, 2);
          yield* pause();
          yield* scan([node.cryo, node.sensor], node.cryo, 6, 8, 3);
        };
        try {
          const done = RE(plan());
          await firstValueFrom(RE.state$.pipe(filter((state) => state === "paused")));
          await delayFor(0.7);
          void RE.resume();
          await done;
        } finally {
          await node.dispose();
        }
      },
      () => sim.close(),
    );
    expect(events(documents).length).to.equal(5);
  });

  it("goes on with twins, also if another node in the recording never answered", async () => {
    const sim = await startSimNode({ speed: 40 });
    const nobody = `127.0.0.1:${await freePort()}`;
    const path = join(folder, "session.rec");
    const session = async (target: number): Promise<number> => {
      const gone: DynamicNode = new SecopNodeDevice(nobody, { name: "gone" });
      const node = await connected(sim.uri, "lab");
      try {
        await gone.connect().catch(() => {});
        await node.cryo.set(target);
        return await node.cryo.target.getValue();
      } finally {
        await Promise.all([gone.dispose(), node.dispose()]);
      }
    };
    const recording = startRecording(path);
    await session(11).finally(() => recording.close());
    await sim.close();
    const exact = new ExactReplay(readRecording(path), { simulateRest: true }).start();
    expect(await session(12).finally(() => exact.stop())).to.equal(12);
    expect(exact.text).to.match(/0 refused.*; simulated from "change cryo:target 12" on$/);
  });
});
