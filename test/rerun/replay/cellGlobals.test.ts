/**
 * What cells of a recorded notebook get instead of the globals of Node: it differs from them in nothing but
 * time.
 */

import { getEventListeners } from "node:events";
import { inspect } from "node:util";
import { expect } from "chai";
import { useCellGlobals } from "../../../lib/rerun";
import { failureText } from "../../support/failure";

interface Globals {
  readonly variables: {
    readonly Date: DateConstructor;
    readonly performance: typeof performance;
    readonly Math: Math;
  };
  readonly modules: ReadonlyMap<string, unknown>;
}

const globals = (): Globals => {
  useCellGlobals();
  const all = globalThis as unknown as Record<symbol, Globals>;
  return all[Symbol.for("secop-lab.cellGlobals")] as Globals;
};
const variables = () => globals().variables;

describe("the globals of a recorded cell", () => {
  it("have dates that are shown as dates, and know the dates of modules as dates", () => {
    const { Date: CellDate } = variables();
    expect(inspect(new CellDate(0))).to.equal("1970-01-01T00:00:00.000Z");
    expect(new Date(0) instanceof CellDate).to.equal(true);
    expect(new CellDate(0) instanceof Date).to.equal(true);
    expect(Object("x") instanceof CellDate).to.equal(false);
    class Birthday extends CellDate {}
    expect(new Birthday(0) instanceof Birthday).to.equal(true);
    expect(new Date(0) instanceof Birthday).to.equal(false);
  });

  it("have a Date that also works without new, and whose dates know it", () => {
    const { Date: CellDate } = variables();
    const text = CellDate();
    expect(Math.abs(CellDate.parse(text) - Date.now())).to.be.lessThan(60_000);
    expect(new CellDate(0).constructor).to.equal(CellDate);
    expect([CellDate.UTC(1970, 0, 2), CellDate.name]).to.deep.equal([86_400_000, "Date"]);
  });

  it("have all of performance, not its clock only", () => {
    const { performance: clock } = variables();
    expect(clock.now()).to.be.a("number");
    expect(clock.timeOrigin).to.equal(performance.timeOrigin);
    expect(clock.mark("begin").name).to.equal("begin");
    clock.clearMarks("begin");
  });

  it("have delays that leave nothing on the signal that may end them", async () => {
    const { setTimeout: delay } = globals().modules.get("timers/promises") as typeof import("node:timers/promises");
    const abort = new AbortController();
    expect(await delay(1, "over", { signal: abort.signal })).to.equal("over");
    expect(getEventListeners(abort.signal, "abort")).to.deep.equal([]);
    const ended = delay(60_000, undefined, { signal: abort.signal });
    abort.abort(new Error("enough"));
    expect(await failureText(ended)).to.equal("enough");
  });

  it("have all of Math", () => {
    const { Math: numbers } = variables();
    expect(numbers.max(1, 2)).to.equal(2);
    expect(numbers.random()).to.be.within(0, 1);
  });
});
