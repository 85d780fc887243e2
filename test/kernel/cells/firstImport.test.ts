import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "chai";
import { CellExecutor } from "../../../kernel/cells/cellExecutor";
import { openNotebookLanguage } from "../../../kernel/compiler/index";
import { Cell, type OutputSink, runInCell } from "../../../kernel/output/cell";
import { KernelClient } from "../../support/kernelClient";

const VEGA = 'import type { TopLevelSpec } from "vega-lite"; (globalThis as any).vegaIsThere = true';

describe("the first import of a large package", function () {
  this.timeout(60_000);

  it("does not stop the displays of earlier cells", async () => {
    const kernel = await KernelClient.start();
    try {
      const earlier = kernel.execute(
        `import * as tslab from "tslab";
         const shown = tslab.newDisplay();
         let frame = 0;
         const timer = setInterval(() => shown.text("frame " + ++frame), 1);`,
      );
      await earlier.done;
      const later = await kernel.run(VEGA);
      expect(later.reply.status).to.equal("ok");
      const { received } = kernel;
      const [begin, end] = ["busy", "idle"].map((state) =>
        received.indexOf(later.published.find(({ content }) => content.execution_state === state) as never),
      );
      const frames = received.slice(begin, end).filter(({ type }) => type === "update_display_data");
      expect(frames.length).to.be.greaterThan(2);
    } finally {
      await kernel.close();
    }
  });

  it("can be interrupted, and then the cell never starts", async () => {
    const silent: OutputSink = {
      stream: () => {},
      publish: () => {},
      ask: () => Promise.reject(new Error("nobody is there")),
    };
    const executor = new CellExecutor(() => openNotebookLanguage());
    const run = (cell: Cell) => runInCell(cell, () => executor.run(cell, cell.code));
    try {
      const cell = new Cell(1, VEGA, silent);
      const running = run(cell);
      await nextTurn();
      const reason = new Error("interrupted");
      cell.interrupt(reason);
      expect((await running).thrown).to.equal(reason);
      expect((await run(new Cell(2, "'vegaIsThere' in globalThis", silent))).value).to.equal(false);
    } finally {
      executor.close();
    }
  });
});
