/** Tests of the names of options, as JavaScript may give them. */

import { expect } from "chai";
import { generateClasses } from "../lib/codegen/generateClasses";
import { initDevices } from "../lib/core/device/initDevices";
import { makeRunEngine } from "../lib/engine/runEngine";
import { LivePlot } from "../lib/live/plot/livePlot";
import { LiveTable } from "../lib/live/table/liveTable";
import { createRunEngine } from "../lib/notebook";
import { discoverNodes } from "../lib/secop/wire/discoverNodes";

/** What a misspelt option leads to, as text. */
async function refusal(call: () => unknown): Promise<string> {
  return Promise.resolve()
    .then(call)
    .then(
      () => "accepted",
      (error: unknown) => String(error),
    );
}

describe("a misspelt option", () => {
  /** As in JavaScript, where nothing has a type. */
  // biome-ignore lint/suspicious/noExplicitAny: only so the compiler lets the mistakes of the test pass
  const any = (options: object): any => options;

  const calls: Readonly<Record<string, readonly [call: () => unknown, text: string]>> = {
    createRunEngine: [() => createRunEngine(any({ liev: false })), "createRunEngine has no option liev (live?)"],
    "the views of createRunEngine": [
      () => createRunEngine(any({ live: { tabel: true }, store: false })),
      "live has no option tabel (table?)",
    ],
    makeRunEngine: [() => makeRunEngine(any({ pauseOnEror: true })), "makeRunEngine has no option pauseOnEror"],
    LivePlot: [() => new LivePlot("det", "motor", any({ xlimit: [0, 1] })), "LivePlot has no option xlimit (xlim?)"],
    LiveTable: [() => new LiveTable("det", any({ stream: "x" })), "LiveTable has no option stream"],
    initDevices: [() => initDevices({}, any({ timeOut: 1 })), "initDevices has no option timeOut (timeout?)"],
    generateClasses: [
      () => generateClasses("localhost:1", any({ folder: "x" })),
      "generateClasses has no option folder (file?): it takes dir, file",
    ],
    discoverNodes: [() => discoverNodes(any({ timout: 1 })), "discoverNodes has no option timout (timeout?)"],
  };

  for (const [what, [call, text]] of Object.entries(calls)) {
    it(`of ${what} is refused in one line that names the option that was meant`, async () => {
      const message = await refusal(call);
      expect(message).to.match(/^UsageError: [^\n]*$/);
      expect(message).to.contain(text);
    });
  }
});
