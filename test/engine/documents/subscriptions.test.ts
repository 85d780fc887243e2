import { expect } from "chai";
import type { DocumentCallback, DocumentTypes, Event, RunStart, RunStop } from "../../../lib/engine";
import { errorText } from "../../../lib/errors";
import { bpp, count, fly, scan } from "../../../lib/plans";
import { SimDetector, SimMotor } from "../../../lib/sim";
import { quietEngine } from "../../support/quietEngine";

const det = new SimDetector("det");
const ALL = ["start", "descriptor", "event", "event", "stop"];

/** A consumer as bluesky's classes of callbacks. */
class Report {
  readonly lines: string[] = [];

  start(doc: RunStart): void {
    this.lines.push(`${doc.plan_name} begins`);
  }

  event(doc: Event): void {
    this.lines.push(`event ${doc.seq_num}: ${doc.data.det}`);
  }

  stop(doc: RunStop): void {
    this.lines.push(doc.exit_status);
  }
}

const LINES = ["count begins", "event 1: 1", "event 2: 1", "success"];

describe("subscriptions of one call", () => {
  it("are a function, which gets the documents of this call only", async () => {
    const { RE } = quietEngine();
    const names: string[] = [];
    await RE(
      count([det], 2),
      (name, doc) => void names.push(name satisfies string, ...(doc === undefined ? ["no"] : [])),
    );
    await RE(count([det], 2));
    expect(names).to.deep.equal(ALL);
    await RE(count([det], 2), (name) => names.push(name));
    expect(names).to.deep.equal([...ALL, ...ALL]);
  });

  it("come before the metadata of the call", async () => {
    const { RE } = quietEngine();
    const samples: unknown[] = [];
    await RE(count([det]), { start: (_, doc) => samples.push(doc.sample) }, { sample: "Ni" });
    await RE(count([det]), [(name, doc) => name === "start" && samples.push(doc.sample)], { sample: "Cu" });
    await RE(count([det]), { sample: "Fe" });
    expect(samples).to.deep.equal(["Ni", "Cu"]);
    expect([...(RE.current?.documents() ?? [])][0]?.doc).to.include({ sample: "Fe" });
  });

  it("may be none before the metadata, and are refused after it", async () => {
    const { RE } = quietEngine();
    for (const none of [undefined, []]) {
      await RE(count([det]), none as never, { sample: "Ni" });
      expect([...(RE.current?.documents() ?? [])][0]?.doc).to.include({ sample: "Ni" });
    }
    const late = () => RE(count([det]), { sample: "Ni" } as never, (() => {}) as never);
    expect(late).to.throw(
      "RE(plan, subscriptions, md): functions for documents come before the metadata, not { sample",
    );
  });

  it("are lists and dictionaries by the name of the document", async () => {
    const { RE } = quietEngine();
    const heard: string[] = [];
    const say =
      (who: string): DocumentCallback =>
      (name, _doc) =>
        void heard.push(`${who} ${name}`);
    await RE(count([det], 2), [say("a"), say("b")]);
    expect(heard).to.deep.equal(ALL.flatMap((name) => [`a ${name}`, `b ${name}`]));
    heard.length = 0;
    await RE(count([det], 2), { stop: say("one"), event: [say("two"), say("three")], all: say("all") });
    const events = ["two event", "three event", "all event"];
    expect([...heard].sort()).to.deep.equal(
      ["all start", "all descriptor", ...events, ...events, "one stop", "all stop"].sort(),
    );
  });

  it("are objects of a class with methods, here, in subscribe and in subsWrapper", async () => {
    const { RE } = quietEngine();
    const [here, always, wrapped] = [new Report(), new Report(), new Report()];
    const token = RE.subscribe(always);
    await RE(bpp.subsWrapper(count([det], 2), wrapped), here);
    RE.unsubscribe(token);
    await RE(count([det]));
    for (const { lines } of [here, always, wrapped]) expect(lines).to.deep.equal(LINES);
  });

  it("end with a call that fails, too", async () => {
    const { RE } = quietEngine();
    const report = new Report();
    const motor = new SimMotor("m", { limits: [0, 1] });
    const error = await RE(bpp.runWrapper(scan([det], motor, 0, 5, 2)), report).then(() => "no error", errorText);
    expect(error).to.contain("cannot set m to 5");
    const { length } = report.lines;
    await RE(count([det]));
    expect(report.lines.length).to.equal(length);
  });

  it("are refused in one line if they take no documents", () => {
    const { RE } = quietEngine();
    expect(() => RE([], { evnt: () => {} })).to.throw('no document is called "evnt": did you mean "event"?');
    class Nothing {
      readonly name = "nothing";
    }
    expect(() => RE.subscribe(new Nothing() as never)).to.throw(
      "subscribe takes a function of name and document, or an object with methods such as start, event and stop, not Nothing",
    );
    expect(() => RE.subscribe({ event: () => {} } as never)).to.throw(
      "subscribe takes a function of name and document",
    );
  });
});

describe("an object with methods for documents", () => {
  it("gets the events of a page one by one, unless it takes pages", async () => {
    const { RE } = quietEngine();
    const seen: unknown[] = [];
    class Pages {
      event_page(page: DocumentTypes["event_page"]): void {
        seen.push(page.seq_num);
      }
    }
    class Events {
      event({ seq_num, data }: Event): void {
        seen.push([seq_num, data.x]);
      }
    }
    const flyer = {
      name: "flyer",
      kickoff: () => ({
        done: true,
        success: true,
        exception: () => null,
        addCallback: (fn: (s: never) => void) => fn(undefined as never),
      }),
      complete: () => ({
        done: true,
        success: true,
        exception: () => null,
        addCallback: (fn: (s: never) => void) => fn(undefined as never),
      }),
      describeCollect: () => ({ x: { source: "SIM", dtype: "number" as const, shape: [] } }),
      *collect() {
        for (const x of [5, 6]) yield { data: { x }, timestamps: { x: 1 } };
      },
    };
    await RE(fly([flyer as never]), [new Pages(), new Events()]);
    expect(seen).to.deep.equal([
      [1, 2],
      [1, 5],
      [2, 6],
    ]);
  });
});
