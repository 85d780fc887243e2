import { expect } from "chai";
import fc from "fast-check";
import { decimate, Series } from "../../../lib/live/view/series";

const column = (values: Float64Array, length: number): number[] => Array.from(values.subarray(0, length));

describe("Series", () => {
  it("keeps every point while there are few", () => {
    const series = new Series();
    for (let i = 0; i < 1000; i++) series.append(i, i * i);
    const { x, y, length } = series.points();
    expect(column(x, length)).to.deep.equal(Array.from({ length: 1000 }, (_, i) => i));
    expect(y[999]).to.equal(999 * 999);
  });

  it("keeps the outline of a million points, in their order, in bounded memory", () => {
    const series = new Series();
    const spikes = new Map([
      [123_456, 50],
      [777_777, -50],
    ]);
    for (let i = 0; i < 1_000_000; i++) series.append(i, spikes.get(i) ?? Math.sin(i / 5000));
    const { x, y, length } = series.points();
    expect(length).to.be.within(131_072, 262_144);
    expect(series.count).to.equal(1_000_000);
    const xs = column(x, length);
    expect(xs).to.deep.equal([...xs].sort((a, b) => a - b));
    for (const [at, value] of spikes) expect(y[xs.indexOf(at)]).to.equal(value);
    expect(xs.reduce((most, value, i) => Math.max(most, value - (xs[i - 1] ?? 0)), 0)).to.be.at.most(32);
  });

  it("includes the bucket that is not full yet", () => {
    const series = new Series();
    for (let i = 0; i < 300_001; i++) series.append(i, 0);
    series.append(300_001, 99);
    const { y, length } = series.points();
    expect(column(y, length)).to.include(99);
  });

  it("replaces an earlier point that comes again", () => {
    const series = new Series();
    for (let i = 0; i < 5; i++) series.put(i, i, 1);
    series.put(3, 3, 7);
    series.put(4, 4, 8);
    series.put(5, 5, 9);
    const { y, length } = series.points();
    expect(column(y, length)).to.deep.equal([1, 1, 1, 7, 8, 9]);
  });

  it("finds an earlier point of a field that is measured from the middle of a run on", () => {
    const series = new Series();
    for (const index of [6, 7, 8]) series.put(index, index, 1);
    series.put(7, 7, 5);
    const { x, y, length } = series.points();
    expect(column(x, length)).to.deep.equal([6, 7, 8]);
    expect(column(y, length)).to.deep.equal([1, 5, 1]);
  });

  it("replaces no point where numbers are missing, since it cannot tell which", () => {
    const series = new Series();
    for (const index of [0, 1, 4, 5, 3]) series.put(index, index, index);
    const { y, length } = series.points();
    expect(column(y, length)).to.deep.equal([0, 1, 4, 5, 3]);
  });
});

describe("decimate", () => {
  it("keeps the lowest and the highest point, and never adds points", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 500 }),
        fc.integer({ min: 1, max: 50 }),
        (values, buckets) => {
          const y = Float64Array.from(values);
          const x = Float64Array.from(values, (_, i) => i);
          const out = decimate({ x, y, length: y.length }, buckets);
          const kept = column(out.y, out.length);
          expect(out.length).to.be.at.most(Math.max(2 * buckets, 1));
          expect(Math.max(...kept)).to.equal(Math.max(...values));
          expect(Math.min(...kept)).to.equal(Math.min(...values));
          for (let i = 0; i < out.length; i++) expect(out.y[i]).to.equal(values[out.x[i] as number]);
        },
      ),
    );
  });
});
