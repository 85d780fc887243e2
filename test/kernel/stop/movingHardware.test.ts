/** Tests that hardware stops, however the kernel that moves it ends. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "chai";
import { SecopClient } from "../../../lib/secop/client";
import type { SimNode } from "../../../lib/sim/runNode";
import { startSimNode } from "../../../lib/sim/startSimNode";
import { JupyterHome, notebookOf } from "../../peers/jupyter";
import { peersPython, repository, runProgram } from "../../peers/peers";
import { KernelClient } from "../../support/kernelClient";

describe("a motor that a plan moves", function () {
  this.timeout(120_000);
  let node: SimNode;
  let client: SecopClient;

  beforeEach(async () => {
    node = await startSimNode({ speed: 1 });
    client = await SecopClient.connect(node.uri);
  });

  afterEach(async () => {
    await client.close();
    await node.close();
  });

  /** Two cells: the second runs a plan that moves the cryostat, prints "moving" and waits. */
  const cells = (uri: string): [string, string] => [
    `const { cryo } = await initDevices({ cryo: new SecopNodeDevice("${uri}") }); const RE = createRunEngine({ live: false, store: false });`,
    `const run = RE(mv(cryo.modules.get("cryo") as DrivableDevice, 300)); await new Promise((r) => setTimeout(r, 300)); console.log("mov" + "ing"); await run`,
  ];

  const isMoving = async (): Promise<boolean> =>
    JSON.stringify((await client.read("cryo", "status")).value).includes("going to 300 K");

  async function standsStill(): Promise<void> {
    while (await isMoving()) await pause(50);
  }

  /** Runs the cells until the motor moves. */
  async function move(kernel: KernelClient): Promise<void> {
    const [connect, setOut] = cells(node.uri);
    await kernel.run(connect);
    const cell = kernel.execute(setOut);
    await kernel.message(({ parent, type }) => parent === cell.id && type === "stream");
    while (!(await isMoving())) await pause(20);
  }

  const ends: Readonly<Record<string, (kernel: KernelClient) => unknown>> = {
    "a shutdown request": (kernel) => kernel.shutdown(),
    "a request to restart": (kernel) => kernel.shutdown(true),
    SIGTERM: (kernel) => kernel.signal(15),
    SIGHUP: (kernel) => kernel.signal(1),
    "the end of the program that started the kernel": (kernel) => kernel.orphan(),
  };
  for (const [how, end] of Object.entries(ends)) {
    it(`stops by ${how}`, async () => {
      const kernel = await KernelClient.start();
      try {
        await move(kernel);
        await end(kernel);
        await standsStill();
      } finally {
        await kernel.close();
      }
    });
  }

  it("stops when the terminal of jupyter console is closed", async () => {
    const home = await JupyterHome.create();
    try {
      const path = join(home.workspace, "move.ipynb");
      writeFileSync(path, JSON.stringify(notebookOf(...cells(node.uri))));
      const args = [join(repository, "test/peers/jupyter/console.py"), path, "secop-lab", "moving"];
      const { code, stdout } = await runProgram(peersPython(), args, {
        cwd: home.workspace,
        env: home.env,
        timeout: 100,
      });
      expect(code, stdout).to.equal(0);
      await standsStill();
    } finally {
      home.close();
    }
  });
});
