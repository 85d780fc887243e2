import { expect } from "chai";
import { publishChanging } from "../../../kernel/output/changingResults";
import { toBundle } from "../../../kernel/output/resultBundle";
import { WatchableStatus } from "../../../lib/core/status/status";
import { until } from "../../support/until";

describe("results that change by themselves", () => {
  const published: { type: string; html: string; text: string; id: string | undefined }[] = [];
  const publish = (type: string, content: object): void => {
    const { data, transient } = content as {
      data: Record<string, string>;
      transient?: { display_id: string };
    };
    published.push({ type, html: data["text/html"] ?? "", text: data["text/plain"] ?? "", id: transient?.display_id });
  };

  beforeEach(() => {
    published.length = 0;
  });

  it("are replaced until they no longer change, so that an action that is not awaited is not under way for ever", async () => {
    let finish: () => void = () => {};
    const moving = new WatchableStatus<void, number>((resolve, _reject, report) => {
      finish = resolve;
      report({ current: 1, initial: 0, target: 4, unit: "mm" });
    }, "stage");
    expect(publishChanging(moving, await toBundle(moving), publish)).to.equal(true);
    expect(published[0]?.type).to.equal("display_data");
    expect(published[0]?.text).to.contain("under way");
    finish();
    await until(() => published.length === 2);
    expect(published[1]?.type).to.equal("update_display_data");
    expect(published[1]?.id).to.equal(published[0]?.id);
    expect(published[1]?.html).to.contain("done").and.not.contain("under way");
    expect(published[1]?.text).to.contain("done");
  });

  it("are one display wherever an object is shown again", async () => {
    let finish: () => void = () => {};
    const moving = new WatchableStatus<void, number>((resolve) => {
      finish = resolve;
    }, "stage");
    publishChanging(moving, await toBundle(moving), publish);
    publishChanging(moving, await toBundle(moving), publish);
    finish();
    await until(() => published.some(({ type }) => type === "update_display_data"));
    expect(new Set(published.map(({ id }) => id)).size).to.equal(1);
    expect(published.map(({ type }) => type)).to.deep.equal(["display_data", "display_data", "update_display_data"]);
  });

  it("are ordinary results once they do not change any more", async () => {
    const done = new WatchableStatus<void, number>((resolve) => resolve(), "stage");
    expect(publishChanging(done, await toBundle(done), publish)).to.equal(false);
    expect(publishChanging({}, { "text/plain": "{}" }, publish)).to.equal(false);
    expect(published).to.deep.equal([]);
  });
});
