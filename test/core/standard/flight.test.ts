import { expect } from "chai";
import { flightOf } from "../../../lib/core/standard/flight";

describe("a flight", () => {
  it("has constant speed from start to end, with a run-up before and a run-out after", () => {
    expect(flightOf("x", { start: 0, end: 10, time: 2 }, 0.4)).to.deep.equal({ from: -1, to: 11, speed: 5 });
    expect(flightOf("x", { start: 10, end: 0, time: 2 }, 0.4)).to.deep.equal({ from: 11, to: -1, speed: 5 });
  });

  it("needs a time above 0 and two different positions", () => {
    const fly = (start: number, end: number, time: number) => () => flightOf("x", { start, end, time }, 0.4);
    expect(fly(0, 1, 0)).to.throw("x cannot fly in 0 s: use a time above 0 s");
    expect(fly(3, 3, 1)).to.throw("x cannot fly from 3 to 3 in 1 s: use two different positions and a finite time");
    expect(fly(0, 1, Number.POSITIVE_INFINITY)).to.throw("use two different positions and a finite time");
    expect(fly(Number.NaN, 1, 1)).to.throw("use two different positions and a finite time");
  });
});
