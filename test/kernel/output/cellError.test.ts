import { expect } from "chai";
import { cellErrorOf, typeCheckError } from "../../../kernel/output/cellError";

const failure = (message: string, frames: string[], cause?: unknown): Error => {
  const error = new RangeError(message, cause === undefined ? {} : { cause });
  error.stack = [`RangeError: ${message}`, ...frames.map((frame) => `    at ${frame}`)].join("\n");
  return error;
};

describe("the errors of a type check", () => {
  it("show the part of a long line that is wrong, and not more than fifty others", () => {
    const code = "nan,".repeat(2000);
    const found = Array.from({ length: 2000 }, (_, k) => ({
      start: { offset: 4 * k, line: 0, character: 4 * k },
      end: { offset: 4 * k + 3, line: 0, character: 4 * k + 3 },
      messageText: "Cannot find name 'nan'.",
      category: 1,
      code: 2304,
    }));
    const { evalue, traceback } = typeCheckError(found, code, "In[1]", () => false);
    expect(evalue).to.equal("Cannot find name 'nan'.");
    expect(traceback).to.have.lengthOf(3 + 3 * 50 + 2);
    expect(traceback.at(-1)).to.equal("... and 1949 more");
    for (const line of traceback) expect(line).to.have.length.below(450);
    const [place, shown = "", mark = ""] = traceback.slice(-4);
    expect(place).to.equal("In[1]:1:201 Cannot find name 'nan'.");
    expect(shown.slice(mark.indexOf("~"), mark.length)).to.equal("nan");
  });
});

describe("the traceback of an error", () => {
  const limit = "the node allows 0 K to 325 K";
  const message = `cannot set cryo:target to 400 K: ${limit}`;

  it("leaves out a cause that only repeats its words, if it comes from the same line", () => {
    const cause = failure(limit, ["encode (In[3]:5:9)"]);
    expect(cellErrorOf(failure(message, ["async In[3]:5:2"], cause)).traceback).to.deep.equal([
      `RangeError: ${message}`,
      "    at async In[3]:5:2",
    ]);
  });

  it("shows the cause of a cause that is left out", () => {
    const root = failure("socket closed", []);
    const report = cellErrorOf(failure(message, [], failure(limit, [], root)));
    expect(report.traceback).to.deep.equal([`RangeError: ${message}`, "caused by RangeError: socket closed"]);
  });

  it("keeps a cause from another line of the user's code", () => {
    const report = cellErrorOf(failure(message, ["In[3]:5:2"], failure(limit, ["In[2]:1:1"])));
    expect(report.traceback.slice(2)).to.deep.equal([`caused by RangeError: ${limit}`, "    at In[2]:1:1"]);
  });

  it("uses the names that the user wrote", () => {
    const evalue = (words: string) => cellErrorOf(new TypeError(words)).evalue;
    expect(evalue("__cell_44_1.n2.cryo.value.set is not a function")).to.equal("n2.cryo.value.set is not a function");
    expect(evalue("__secopLab_0.n2.set is not a function")).to.equal("n2.set is not a function");
    expect(evalue("(0 , __cell_2_1.f) is not a function")).to.equal("f is not a function");
    expect(evalue("(0 , secop_lab_1.scan) is not a function")).to.equal("scan is not a function");
    expect(cellErrorOf(new TypeError("__cell_1_1.a.b is not a function")).traceback[0]).to.equal(
      "TypeError: a.b is not a function",
    );
  });

  it("ends where causes form a circle", () => {
    const error = failure(message, []);
    error.cause = error;
    expect(cellErrorOf(error).traceback).to.deep.equal([`RangeError: ${message}`]);
    const [first, second] = [failure("first", []), failure("second", [])];
    [first.cause, second.cause] = [second, first];
    expect(cellErrorOf(first).traceback).to.deep.equal(["RangeError: first", "caused by RangeError: second"]);
  });

  it("shows only one turn of a recursion", () => {
    const frames = (...names: string[]) => cellErrorOf(failure("deep", names)).traceback.slice(1);
    const f = "f (In[1]:1:20)";
    expect(frames(...Array<string>(48).fill(f), "In[1]:2:1")).to.deep.equal([
      "    at f (In[1]:1:20)",
      "    ... again and again",
      "    at In[1]:2:1",
    ]);
    const turns = ["a (In[1]:1:1)", "b (In[1]:2:1)", "c (In[1]:3:1)"];
    expect(frames("x (In[1]:9:9)", ...turns, ...turns, ...turns, "a (In[1]:1:1)")).to.deep.equal([
      "    at x (In[1]:9:9)",
      "    at a (In[1]:1:1)",
      "    at b (In[1]:2:1)",
      "    at c (In[1]:3:1)",
      "    ... again and again",
      "    at a (In[1]:1:1)",
    ]);
    expect(frames(f, f, "In[1]:2:1")).to.have.length(3);
  });
});
