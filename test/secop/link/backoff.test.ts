import { expect } from "chai";
import fc from "fast-check";
import { Backoff } from "../../../lib/secop/link/backoff";

describe("pauses between attempts", () => {
  const take = (backoff: Backoff, n: number) => Array.from({ length: n }, () => backoff.next());
  const middle = () => 0.5;

  it("double up to the longest, and begin anew after a success", () => {
    const backoff = new Backoff({ first: 0.5, longest: 10 }, middle);
    expect(take(backoff, 7)).to.deep.equal([0.5, 1, 2, 4, 8, 10, 10]);
    backoff.reset();
    expect(take(backoff, 2)).to.deep.equal([0.5, 1]);
  });

  it("differ from client to client by a quarter at most", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 }), (dice) => {
        let n = 0;
        const backoff = new Backoff({ first: 0.5, longest: 10 }, () => dice[n++ % dice.length] ?? 0);
        const plain = take(new Backoff({ first: 0.5, longest: 10 }, middle), 10);
        for (const [i, pause] of take(backoff, 10).entries()) {
          expect(pause).to.be.within(0.75 * (plain[i] ?? 0), 1.25 * (plain[i] ?? 0));
        }
      }),
    );
    const seconds = new Set(Array.from({ length: 20 }, () => new Backoff({ first: 0.5, longest: 10 }).next()));
    expect(seconds.size).to.be.above(10);
  });
});
