import { expect } from "chai";
import type { Observable } from "rxjs";
import type { Plan } from "../../../lib/core/protocols/msg";
import { Status } from "../../../lib/core/status/status";
import { makeRunEngine } from "../../../lib/engine";
import { UsageError } from "../../../lib/errors";
import { bps, count, scan } from "../../../lib/plans";
import { quietEngine } from "../../support/quietEngine";
import { softDevices } from "../../support/softDevices";
import { usedMemory } from "../../support/usedMemory";

describe("Consumers of documents", () => {
  it("can fail without harm, by throwing or by a promise, and their first error is reported", async () => {
    const { RE, notices } = quietEngine();
    const { det } = softDevices();
    RE.subscribe(function broken() {
      throw new Error("no disk");
    }, "event");
    RE.subscribe(async function brokenLater() {
      throw new Error("no net");
    }, "event");
    const events: number[] = [];
    RE.subscribe((_, doc) => events.push(doc.seq_num), "event");
    expect((await RE(count([det], 3))).exitStatus).to.equal("success");
    expect(events).to.deep.equal([1, 2, 3]);
    expect(notices.map((notice) => notice.text)).to.deep.equal([
      "broken failed on an event document (the run goes on, further errors of it are not shown): no disk",
      "brokenLater failed on an event document (the run goes on, further errors of it are not shown): no net",
    ]);
  });

  it("can fail without harm as observers, too, and their first error is reported", async () => {
    const { RE, notices } = quietEngine();
    const { det, m } = softDevices();
    m.set = () => new Status((resolve) => setImmediate(resolve));
    const fail = () => {
      throw new Error("mine");
    };
    const events: number[] = [];
    const observers = [RE.state$, RE.waiting$, RE.documents$].map((each) =>
      (each as Observable<unknown>).subscribe({ next: fail, complete: fail }),
    );
    RE.documents$.subscribe(({ name, doc }) => name === "event" && events.push(doc.seq_num));
    const handle = RE(scan([det], m, 0, 1, 3));
    handle.documents$.subscribe(fail);
    expect((await handle).exitStatus).to.equal("success");
    expect(events).to.deep.equal([1, 2, 3]);
    for (const observer of observers) observer.unsubscribe();
    const report = (what: string) => `${what}: an observer failed (reported once): mine`;
    expect(notices.map((notice) => notice.text)).to.have.members(
      ["state$", "waiting$", "documents$", "documents$"].map(report),
    );
    expect(RE.state$).to.not.have.property("next");
  });

  it("must be functions or objects with methods, and the name of a document must exist", () => {
    const { RE } = quietEngine();
    // @ts-expect-error
    expect(() => RE.subscribe(3)).to.throw(
      UsageError,
      "subscribe takes a function of name and document, or an object with methods such as start, event and stop, not 3",
    );
    // @ts-expect-error
    expect(() => RE.subscribe(() => {}, "foo")).to.throw(UsageError, "there are no documents named 'foo': all, start,");
  });

  it("stay subscribed though nothing else references them", async () => {
    const { RE } = quietEngine();
    const { det } = softDevices();
    const heard: string[] = [];
    class Consumer {
      readonly label = "consumer";
      receive(name: string): void {
        heard.push(`${this.label} ${name}`);
      }
    }
    const subscribe = () => {
      const consumer = new Consumer();
      RE.subscribe(consumer.receive.bind(consumer), "start");
      return new WeakRef(consumer);
    };
    const reference = subscribe();
    await new Promise((resolve) => setImmediate(resolve));
    usedMemory();
    await RE(count([det]));
    expect(heard).to.deep.equal(["consumer start"]);
    expect(reference.deref()).to.not.equal(undefined);
  });

  it("get every document, and the result waits for their promises", async () => {
    const { RE } = quietEngine();
    const { det } = softDevices();
    const written: string[] = [];
    let writing = Promise.resolve();
    RE.subscribe((name) => {
      writing = writing.then(
        () =>
          new Promise((resolve) =>
            setImmediate(() => {
              written.push(name);
              resolve();
            }),
          ),
      );
      return writing;
    });
    await RE(count([det], 50));
    expect(written).to.have.length(53);
    expect([written[0], written.at(-1)]).to.deep.equal(["start", "stop"]);
  });

  it("get nothing after they are unsubscribed, nor after the call if a plan subscribed them", async () => {
    const { RE } = quietEngine();
    const { det } = softDevices();
    let heard = 0;
    const token = RE.subscribe(() => {
      heard += 1;
    });
    let heardByPlan = 0;
    const subscribing = function* (): Plan<void> {
      yield* bps.subscribe("event", () => {
        heardByPlan += 1;
      });
      yield* count([det], 2);
    };
    await RE(subscribing);
    RE.unsubscribe(token);
    await RE(count([det], 2));
    expect([heard, heardByPlan]).to.deep.equal([5, 2]);
  });

  it("can fail without harm also if their notices can't be shown", async () => {
    const RE = makeRunEngine({
      notify: () => {
        throw new Error("no screen");
      },
    });
    const { error } = console;
    const said: string[] = [];
    console.error = (text: string) => said.push(text);
    try {
      RE.subscribe(() => {
        throw new Error("no disk");
      }, "start");
      expect((await RE(count([softDevices().det]))).exitStatus).to.equal("success");
    } finally {
      console.error = error;
    }
    expect(said[0]).to.contain("no disk").and.to.contain("no screen");
  });
});
