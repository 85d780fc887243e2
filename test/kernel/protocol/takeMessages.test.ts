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
    // A `receive` that waits longer than 5 ms rejects.
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

  it("are received even after a receive that failed, until the socket is closed", async () => {
    const end = takeMessages(router, take);
    await send("a");
    await setTimeout(30);
    await send("b");
    router.close();
    dealer.close();
    await end;
    expect(taken).to.deep.equal(["a", "b"]);
  });

  it("are received once, however often takeMessages is called", async () => {
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
