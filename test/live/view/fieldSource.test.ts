import { expect } from "chai";
import { UsageError } from "../../../lib/errors";
import { LiveGrid } from "../../../lib/live/plot/liveGrid";
import { LivePlot } from "../../../lib/live/plot/livePlot";
import { LiveTable } from "../../../lib/live/table/liveTable";
import type { FieldSource } from "../../../lib/live/view/fieldSource";
import { RecordingHost } from "../../support/recordingHost";
import { play, testRun } from "../../support/runDocuments";

// biome-ignore lint/suspicious/noExplicitAny: the tests pass what the compiler would refuse
const any = (value: unknown): any => value;

describe("the fields of a view", () => {
  it("may be a single one", () => {
    const host = new RecordingHost(false);
    try {
      void play(new LiveTable("det"), testRun({ det: {} }), [{ det: 1 }]);
      expect(host.text).to.match(/\| +seq_num \| +time \| +det \|/);
    } finally {
      host.release();
    }
  });

  it("are data keys or devices, and nothing else", () => {
    const refused: [() => unknown, string][] = [
      [() => new LiveTable(any(3)), "not 3"],
      [() => new LiveTable(["det", any(undefined)]), "not undefined"],
      [() => new LivePlot(any({ field: "det" })), "not { field: 'det' }"],
      [() => new LiveGrid(any([3, 3]), any("det")), 'from the run: new LiveGrid("det") is enough'],
      [() => new LiveGrid(any(3)), "not 3"],
      [
        () => new LiveGrid("det", any("mx")),
        "LiveGrid: the axes are an object of two fields, like { x: motorX, y: motorY }",
      ],
    ];
    for (const [make, words] of refused) expect(make).to.throw(UsageError, words);
    const device: FieldSource = { name: "det", hints: { fields: ["det_a", "det_b"] } };
    expect(() => new LiveTable([device, "motor"])).not.to.throw();
  });
});
