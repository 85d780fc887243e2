import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect } from "chai";
import { makeRunEngine } from "../../lib/engine";
import { bps } from "../../lib/plans";

describe("Ctrl-C in a script", () => {
  it("stops the hardware and closes the run before the process ends", async () => {
    const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "interruptedScript.ts")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      if (text.includes("moving")) child.kill("SIGINT");
    });
    const [, signal] = (await once(child, "close")) as [number | null, string | null];
    expect(printed.trim().split("\n")).to.deep.equal(["start ", "moving", "stop interrupted", "abort, stopped 1 time"]);
    expect(signal).to.equal("SIGINT");
  });

  it("stops the plans of all engines before the process ends", async () => {
    const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "interruptedScript.ts"), "2"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      const before = printed.split("moving").length;
      printed += text;
      if (before < 3 && printed.split("moving").length === 3) child.kill("SIGINT");
    });
    await once(child, "close");
    expect(printed.match(/abort, stopped 1 time/g)).to.have.length(2);
  });

  it("is not handled by the engine when no plan runs", async () => {
    const before = process.listenerCount("SIGINT");
    const handle = makeRunEngine()(bps.null_());
    expect(process.listenerCount("SIGINT")).to.equal(before + 1);
    await handle;
    expect(process.listenerCount("SIGINT")).to.equal(before);
  });
});
