import { expect } from "chai";
import { runProgram } from "../peers/peers";

describe("a cable between client and node", function () {
  this.timeout(120_000);

  it("carries a broadcast to the node, is missed when it is pulled although no socket reports it, and is used again when it is back", async function () {
    // Only Linux has unprivileged namespaces, and a container may forbid them.
    const allowed = await runProgram("unshare", ["--map-root-user", "--net", "true"]).catch(() => null);
    if (allowed?.code !== 0) this.skip();
    const inNamespace = ["--map-root-user", "--net", process.execPath, "--import=tsx", "test/faults/cableScript.ts"];
    const { code, stdout, stderr } = await runProgram("unshare", inNamespace, { timeout: 110 });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    const { uri, found, seen: both } = JSON.parse(stdout);
    expect(found, "nodes found by a broadcast").to.deep.equal([uri]);
    const [asked, waiting] = both;
    for (const seen of [asked, waiting]) {
      expect(seen).to.deep.include({ stale: seen.reason, after: "number", staleAfter: false });
    }
    expect(asked.reason).to.match(/^no answer to "(?:ping \d+|read sensor:value)" within 2 s$/);
    expect(waiting.reason, "the system's own search for the other end").to.match(
      /the host (?:does not answer|cannot be)/,
    );
    expect(waiting.refused).to.match(/^cannot read sensor:value: the connection to .* was lost: the host /);
  });
});
