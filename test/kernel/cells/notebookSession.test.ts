import { expect } from "chai";
import { CellExecutor } from "../../../kernel/cells/cellExecutor";
import { type ExecuteReply, NotebookSession } from "../../../kernel/cells/notebookSession";
import { MagicRegistry } from "../../../kernel/magics/magicRegistry";
import { MagicTranslator } from "../../../kernel/magics/magicTranslator";

describe("a session whose compiler cannot be loaded", () => {
  it("reports that in the cell", async () => {
    const executor = new CellExecutor(() => {
      throw new Error("there is no compiler");
    });
    const magics = new MagicTranslator(
      () => new MagicRegistry(),
      () => new Map(),
    );
    const session = new NotebookSession(executor, magics, "");
    const reply = await new Promise<ExecuteReply>((end) =>
      session.execute(
        { code: "1 + 1" },
        {
          begin: () => {},
          end,
          stream: () => {},
          publish: () => {},
          ask: () => Promise.reject(new Error("nobody is asked")),
        },
      ),
    );
    expect(reply).to.deep.include({ status: "error", evalue: "there is no compiler" });
  });
});
