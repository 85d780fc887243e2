/** The library in Deno, in the script and the kernel that docs/how-to/stock-tslab.md shows. */

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { startSimNode } from "../../lib/sim/startSimNode";
import { peersPython, repository, runProgram } from "../peers/peers";
import { readDocsPage } from "./page";

const DENO = join(repository, ".peers/deno/node_modules/deno/deno");

describe("Deno", function () {
  this.timeout(120_000);
  let folder: string;
  let node: Awaited<ReturnType<typeof startSimNode>>;

  const run = async (program: string, args: readonly string[]) => {
    const env = { ...process.env, JUPYTER_PATH: join(folder, "jupyter"), NO_COLOR: "1" };
    const { code, stdout, stderr } = await runProgram(program, args, { cwd: folder, env, timeout: 100 });
    expect(code, stdout + stderr).to.equal(0);
    return stdout;
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "secop-lab-deno-"));
    // What `npm install PATH` makes: a link in node_modules and a line in package.json.
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(repository, join(folder, "node_modules/secop-lab"), "junction");
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ dependencies: { "secop-lab": `file:${repository}` } }),
    );
    node = await startSimNode({ port: 0, speed: 500 });
  });

  after(async () => {
    await node.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("runs the script of the page with the permissions that the page names", async () => {
    const page = readDocsPage("how-to/stock-tslab.md");
    const script = page.blocks.find(({ file }) => file === "deno-scan.ts");
    const [, command = ""] = /^deno (run .* deno-scan\.ts)$/m.exec(page.text) ?? [];
    writeFileSync(join(folder, "deno-scan.ts"), (script?.code ?? "").replace("localhost:10767", node.uri));
    expect(await run(DENO, [...command.split(" ").toSpliced(1, 0, "--no-prompt")])).to.match(
      /^success \[ "cryo-sensor-value", "motor", "motor-setpoint" \]$/m,
    );
  });

  it("shows nodes and tables in its kernel, as text and as HTML", async () => {
    const spec = {
      argv: [DENO, "jupyter", "--kernel", "--conn", "{connection_file}"],
      display_name: "Deno",
      language: "typescript",
    };
    mkdirSync(join(folder, "jupyter/kernels/deno"), { recursive: true });
    writeFileSync(join(folder, "jupyter/kernels/deno/kernel.json"), JSON.stringify(spec));
    const cells = [
      'import { count, createRunEngine, initDevices, SecopNodeDevice } from "secop-lab";',
      `const { cryo } = await initDevices({ cryo: new SecopNodeDevice("${node.uri}", { name: "cryo" }) });`,
      "cryo",
      'const run = await createRunEngine({ live: false })(count([cryo.modules.get("sensor")], 2)); run.table()',
      "await cryo.dispose();",
    ];
    const shown = JSON.parse(await run(peersPython(), ["-c", EXECUTE, JSON.stringify(cells)])) as Record<
      string,
      string
    >[];
    expect(shown.map((data) => Object.keys(data).includes("text/html"))).to.deep.equal([true, true]);
    expect(shown[0]?.["text/plain"]).to.match(/^cryo · connected/);
    expect(shown[1]?.["text/plain"]).to.match(/2 rows of primary$/);
  });
});

/** Python code that runs cells in Deno's kernel, and prints the data of their results as JSON. */
const EXECUTE = `
import json, sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="deno")
shown = []
def keep(message):
    if message["msg_type"] == "execute_result": shown.append(message["content"]["data"])
    if message["msg_type"] == "error": sys.stderr.write(str(message["content"]))
for code in json.loads(sys.argv[1]):
    if client.execute_interactive(code, output_hook=keep, timeout=60)["content"]["status"] != "ok": sys.exit(1)
client.stop_channels()
manager.shutdown_kernel()
print(json.dumps(shown))
`;
