import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect } from "chai";
import { SecopClient } from "../../../lib/secop/client";
import { repository } from "../../peers/peers";

describe("requests that are sent together", () => {
  it("are answered with their own values by a node that holds replies back, and pings stay few", async () => {
    // The node of the benchmarks has no TCP_NODELAY, as frappy.
    const node = spawn(process.execPath, [join(repository, "test/bench/floodNode.mjs"), "2", "80"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [port] = (await once(node.stdout.setEncoding("utf8"), "data")) as [string];
    const names = Array.from({ length: 20 }, (_, i) => `_p${2 * i + 3}`);
    const sent: string[] = [];
    const client = await SecopClient.connect(`127.0.0.1:${port.trim()}`, {
      trace: (direction, line) => void (direction === ">" && sent.push(line)),
    });
    try {
      for (let round = 0; round < 5; round += 1) {
        const changed = await Promise.all(names.map((name, i) => client.change("m0", name, round + i)));
        expect(changed.map(({ value }) => value)).to.deep.equal(names.map((_, i) => round + i));
      }
      const read = await Promise.all(names.map((name) => client.read("m0", name)));
      expect(read.map(({ value }) => value)).to.deep.equal(names.map(() => 1));
    } finally {
      await client.close();
      node.kill();
      await once(node, "exit");
    }
    expect(sent.filter((line) => line.startsWith("ping")).length).to.be.at.most(6 * 4 + 4);
  });
});
