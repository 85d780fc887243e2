import { EventEmitter, once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { Dealer, Router } from "zeromq";
import { takeMessages } from "../../../kernel/protocol/takeMessages";

describe("messages of a socket", () => {
  let router: Router;
  let dealer: Dealer;
  const arrivals = new EventEmitter();
  const taken: string[] = [];
  const take = (frames: Buffer[]): void => {
    taken.push(String(frames.at(-1)));
    arrivals.emit("taken");
  };

  beforeEach(async () => {
    taken.length = 0;
    // a `receive` that waits for longer than that rejects
    router = new Router({ receiveTimeout: 5, linger: 0 });
    dealer = new Dealer({ linger: 0 });
    await router.bind("tcp://127.0.0.1:*");
    dealer.connect(router.lastEndpoint!);
  });

  async function send(text: string): Promise<void> {
    const arrival = once(arrivals, "taken");
    await dealer.send(text);
    await arrival;
  }

  it("are taken also after a receive that failed, until the socket is closed", async () => {
    const end = takeMessages(router, take);
    await send("a");
    await setTimeout(30);
    await send("b");
    router.close();
    dealer.close();
    await end;
    expect(taken).to.deep.equal(["a", "b"]);
  });

  it("are taken once, however often somebody sees to it that they are", async () => {
    router.receiveTimeout = -1;
    const ends = [takeMessages(router, take), takeMessages(router, take)];
    await ends[1];
    await send("a");
    ends.push(takeMessages(router, take));
    await send("b");
    router.close();
    dealer.close();
    await Promise.all(ends);
    expect(taken).to.deep.equal(["a", "b"]);
  });
});
