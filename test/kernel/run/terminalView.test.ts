import { expect } from "chai";
import { TerminalView } from "../../../kernel/run/terminalView";

describe("TerminalView", () => {
  const shown = (frames: readonly string[][]): string => {
    let text = "";
    const view = new TerminalView((more) => {
      text += more;
    });
    frames.forEach((lines, i) => {
      const type = i === 0 ? "display_data" : "update_display_data";
      view.publish(type, { data: { "text/plain": lines.join("\n") }, transient: { display_id: "table" } });
    });
    return text;
  };

  it("prints each row of a growing table once", () => {
    expect(shown([["head"], ["head", "1"], ["head", "1", "2"]])).to.equal("head\n1\n2\n");
  });

  it("prints a row once, even if the last frame shows it again after earlier frames did not", () => {
    expect(
      shown([
        ["head", "1", "2"],
        ["head", "2", "3"],
        ["head", "1", "2", "3", "end"],
      ]),
    ).to.equal("head\n1\n2\n3\nend\n");
  });

  it("prints displays without an id as they are", () => {
    let text = "";
    const view = new TerminalView((more) => {
      text += more;
    });
    for (let i = 0; i < 2; i += 1) view.publish("display_data", { data: { "text/plain": "same" } });
    expect(text).to.equal("same\nsame\n");
  });
});
