import { expect } from "chai";
import { $display } from "../../../lib/display/mimeBundle";
import { useScriptedClient } from "../../support/scriptedClient";
import { item } from "../../support/wait";

describe("UpdateQueue", () => {
  const lab = useScriptedClient();

  beforeEach(() => lab.connect());

  const push = async (from: number, to: number) => {
    const last = item(lab.client, "m", "value", (i) => i.value === to);
    for (let i = from; i <= to; i += 1) lab.node.update(`update m:value [${i}, {}]`);
    await last;
  };

  it("gives every item in order to a consumer that comes later", async () => {
    const queue = lab.client.queue<number>("m", "value");
    await push(1, 1000);
    expect(queue.length).to.equal(1000);
    const taken: number[] = [];
    for await (const { value } of queue) {
      taken.push(value);
      if (value === 1000) await push(1001, 1002);
      if (value === 1002) break;
    }
    expect(taken).to.deep.equal(Array.from({ length: 1002 }, (_, i) => i + 1));
    expect(queue.lost).to.equal(0);
  });

  it("counts the items it drops beyond its capacity, and tells the user and the log", async () => {
    const said: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => said.push(text);
    try {
      const queue = lab.client.queue<number>("m", "value", { capacity: 3 });
      await push(1, 10);
      queue.close();
      queue.close();
      expect(queue.lost).to.equal(7);
      expect(queue[$display]()["text/plain"]).to.equal("updates of m:value: 3 of at most 3 wait, 7 given up");
    } finally {
      console.warn = warn;
    }
    const words = [
      "updates come faster than they are taken: 3 wait, older ones are dropped from now on (reported once)",
      "7 updates were dropped in all",
    ].map((text) => `${lab.node.uri}: a queue of m:value: ${text}`);
    expect(said).to.deep.equal(words);
    expect(lab.logged.filter((text) => text.includes("a queue of"))).to.deep.equal(words);
  });

  it("gives the items that are left after it was closed", async () => {
    const queue = lab.client.queue<number>("m", "value", { capacity: 3 });
    await push(8, 10);
    queue.close();
    await push(11, 11);
    const taken: number[] = [];
    for await (const { value } of queue) taken.push(value);
    expect(taken).to.deep.equal([8, 9, 10]);
  });

  it("wakes a waiting consumer when it is closed", async () => {
    const queue = lab.client.queue("m", "value");
    const ended = (async () => {
      for await (const _ of queue);
      return "ended";
    })();
    queue.close();
    expect(await ended).to.equal("ended");
  });
});
