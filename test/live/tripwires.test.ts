import { expect } from "chai";
import fc from "fast-check";
import { LivePlot } from "../../lib/live/plot/livePlot";
import { LiveScatter } from "../../lib/live/plot/liveScatter";
import type { RunRouter } from "../../lib/live/view";
import { RecordingHost } from "../support/recordingHost";
import { testRun } from "../support/runDocuments";

interface Layer {
  readonly data: {
    readonly values: readonly { readonly x: number; readonly y: number; readonly v: number; readonly word?: string }[];
  };
  readonly encoding: Record<
    string,
    { readonly scale: { readonly domain: readonly [number, number]; readonly type?: string } }
  >;
}
interface Spec {
  readonly title: { readonly subtitle: readonly string[] };
  readonly layer: readonly Layer[];
  readonly data?: Layer["data"];
}

const value = fc.oneof(
  fc.double({ noNaN: true, min: -1e15, max: 1e15 }),
  fc.integer({ min: -1000, max: 1_000_000 }),
  fc.double({ noNaN: true, min: 0, max: 1e-9 }),
  fc.constant(Number.NaN),
);

/**
 * What a view says of a number is true to 5 digits, or to the smallest number that a double can be that small
 * for.
 */
const isSaid = (text: string, actual: number): boolean =>
  Math.abs(Number(text) - actual) <= 5.1e-5 * Math.abs(actual) + 1e-300;

describe("what a view says is what the data say, for any data", () => {
  const host = new RecordingHost(true);
  after(() => host.release());

  const feed = (
    view: RunRouter & { readonly spec: unknown },
    rows: readonly Record<string, unknown>[],
    keys: Parameters<typeof testRun>[0],
  ): Spec => {
    const run = testRun(keys);
    void view("start", run.start);
    void view("descriptor", run.descriptor);
    rows.forEach((row, i) => void view("event", run.event(i + 1, row)));
    return view.spec as Spec;
  };

  it("of lines: the maximum in words, the range of the axis, and every value that is sent", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (values) => {
        const rows = values.map((det, motor) => ({ motor, det }));
        const spec = feed(new LivePlot("det", "motor"), rows, { motor: {}, det: {} });
        const finite = values.filter((each) => Number.isFinite(each));
        if (finite.length === 0) return;
        const [low, high] = [Math.min(...finite), Math.max(...finite)];
        const [, said = ""] = /max (\S+)/.exec(spec.title.subtitle.join(" ")) ?? [];
        expect(isSaid(said, high), `said ${said} of ${high}`).to.equal(true);
        const [bottom, top] = spec.layer[0]?.encoding.y?.scale.domain ?? [0, 0];
        expect(bottom <= low && top >= high).to.equal(true);
        const sent = spec.layer[0]?.data.values ?? [];
        expect(sent).to.have.length(values.length);
        sent.forEach(({ x, y }, i) => {
          expect(x).to.equal(i);
          if (Number.isNaN(values[i])) expect(y).to.equal(null);
          else expect(Math.abs(y - (values[i] as number))).to.be.at.most(5.1e-7 * Math.abs(values[i] as number));
        });
      }),
      { numRuns: 300 },
    );
  });

  it("of long lines: the extremes are sent however much is left out", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3000, max: 20_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (length, where) => {
          const spike = Math.floor(where * length);
          const rows = Array.from({ length }, (_, motor) => ({ motor, det: motor === spike ? 1e6 : Math.sin(motor) }));
          const spec = feed(new LivePlot("det", "motor"), rows, { motor: {}, det: {} });
          const sent = spec.layer[0]?.data.values ?? [];
          expect(sent.length).to.be.at.most(2000);
          expect(sent.some(({ x, y }) => x === spike && y === 1e6)).to.equal(true);
          expect(spec.title.subtitle.join(" ")).to.contain("max 1000000 at").and.contain(` ${spike}`);
        },
      ),
      { numRuns: 15 },
    );
  }).timeout(20_000);

  it("of scattered points: the maximum, the ends of the colours and every value", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), (values) => {
        const rows = values.map((det, i) => ({ x: i, y: -i, det }));
        const spec = feed(new LiveScatter("x", "y", "det"), rows, { x: {}, y: {}, det: {} });
        const finite = values.filter((each) => Number.isFinite(each));
        if (finite.length === 0) return;
        const [low, high] = [Math.min(...finite), Math.max(...finite)];
        const [, said = ""] = /max (\S+)/.exec(spec.title.subtitle.join(" ")) ?? [];
        expect(isSaid(said, high), `said ${said} of ${high}`).to.equal(true);
        expect(spec.layer[0]?.encoding.color?.scale.domain).to.deep.equal([low, high]);
        expect(spec.layer[0]?.data.values).to.have.length(finite.length);
      }),
      { numRuns: 200 },
    );
  });

  it("of words: each stretch begins where its word came first and ends where the next one came", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("off", "pid", "ramp"), { minLength: 1, maxLength: 50 }), (words) => {
        const rows = words.map((mode, motor) => ({ motor, mode }));
        const spec = feed(new LivePlot("mode", "motor"), rows, { motor: {}, mode: { dtype: "string" } });
        const bands = (spec.data?.values ?? []) as unknown as readonly { a: number; b: number; word: string }[];
        words.forEach((word, i) => {
          const band = bands.find(({ a, b }) => a <= i && (i < b || (i === words.length - 1 && i <= b)));
          const own = bands.find(({ a }) => a === i) ?? band;
          expect(own?.word).to.equal(word);
        });
      }),
      { numRuns: 200 },
    );
  });
});
