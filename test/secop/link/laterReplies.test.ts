/** A request is sent before it is noted, so that no transport may report anything while it sends. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { startRecording, startReplay, startSimulation } from "../../../lib/rerun";
import { SecopClient } from "../../../lib/secop/client";
import { useTransport } from "../../../lib/secop/wire/transport";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { failure } from "../../support/failure";
import { ScriptedNode } from "../../support/scriptedNode";

/** Lets a client talk to a node, and returns how many messages it got, and those that came during a `send`. */
async function talk(uri: string, target = 1): Promise<{ readonly received: number; readonly atOnce: string[] }> {
  let received = 0;
  const atOnce: string[] = [];
  const restore = useTransport((open) => async (address, events, signal) => {
    let isSending = false;
    const seen = (text: string) => {
      received += 1;
      if (isSending) atOnce.push(text);
    };
    const line = (text: string) => {
      seen(text);
      events.line(text);
    };
    const closed = (reason: string) => {
      seen(reason);
      events.closed(reason);
    };
    const transport = await open(address, { line, closed, problem: events.problem }, signal);
    const send = (text: string) => {
      isSending = true;
      transport.send(text);
      isSending = false;
    };
    return { send, close: () => transport.close() };
  });
  try {
    const client = await SecopClient.connect(uri);
    await client.read("magnet", "value");
    await client.change("magnet", "target", target);
    await client.do("magnet", "stop");
    await failure(client.change("magnet", "target", 1e6));
    await client.close();
  } finally {
    restore();
  }
  return { received, atOnce };
}

describe("a transport", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "later-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("gives the replies of a node, of a twin and of a recording after the request was sent, never meanwhile", async () => {
    const path = join(folder, "magnet.rec");
    const node = await startSimNode({ modules: ["magnet"], speed: 10 });
    const talks = [await talk(node.uri), await talk(`ws://${node.uri}`)];
    const recording = startRecording(path);
    talks.push(await talk(node.uri));
    recording.close();
    await node.close();
    const simulation = startSimulation();
    await simulation.add(node.uri, { source: path });
    talks.push(await talk(node.uri));
    simulation.stop();
    const replay = startReplay(path, { simulateRest: true });
    talks.push(await talk(node.uri), await talk(node.uri, 2));
    replay.stop();
    for (const { received, atOnce } of talks) {
      expect(atOnce).to.deep.equal([]);
      expect(received).to.be.above(10);
    }
  });

  it("that is closed by the trace of a request lets that request fail", async () => {
    const node = await ScriptedNode.start();
    const client = await SecopClient.connect(node.uri, {
      trace: (direction, line) => {
        if (direction === ">" && line === "read m:value") void client.close();
      },
    });
    expect((await failure(client.read("m", "value"))).message).to.contain("closed by this client");
    await node.close();
  });
});
