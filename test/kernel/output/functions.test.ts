import { expect } from "chai";
import { toBundle } from "../../../kernel/output/resultBundle";
import { plan, scan } from "../../../lib/plans";

// The loader of the tests removes spaces from the source of functions.
const text = async (value: unknown) => String((await toBundle(value))["text/plain"]);
const dense = (words: string) => words.replaceAll(" ", "");

describe("a function as the last expression of a cell", () => {
  it("shows what it takes and how it is used", async () => {
    function* align(motor: object, range = [0, (1 + 2) * 3], { num = 3 } = {}) {
      yield [motor, range, num];
    }
    class Stage extends Map {}
    const half = (x: number) => x / 2;
    expect(dense(await text(align))).to.equal(
      dense(
        "function* align(motor, range = [0, (1 + 2) * 3], { num = 3 } = {}): a plan, or another generator: run a plan with await RE(align(...))",
      ),
    );
    expect(await text(half)).to.match(/^function half\(\(?x\)?\): call it: half\(\.\.\.\)$/);
    expect(dense(await text(async (a: number, b: number) => a + b))).to.equal(
      dense("async function (anonymous)(a, b): give it a name to use it, as in const name = ..."),
    );
    expect(await text((() => class {})())).to.match(/^class \(anonymous\): give it a name/);
    expect(await text(Stage)).to.equal("class Stage extends Map: make an object with new Stage(...)");
    expect(await text(parseInt)).to.equal("function parseInt(...): call it: parseInt(...)");
    expect(await text({ stop() {} }.stop)).to.equal("function stop(): call it: stop(...)");
  });

  it("says of the plans of the library and of users that they are plans", async () => {
    expect(await text(scan)).to.equal(
      "scan: makes a plan; run it with await RE(scan(...)), or in a plan with yield* scan(...)",
    );
    const mine = plan("mine", function* () {
      yield {} as never;
    });
    expect([await text(mine), mine.name]).to.deep.equal([
      "mine: makes a plan; run it with await RE(mine(...)), or in a plan with yield* mine(...)",
      "mine",
    ]);
  });
});
