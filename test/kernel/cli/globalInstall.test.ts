import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { notebookOf } from "../../peers/jupyter";
import { peersPython, repository, runProgram } from "../../peers/peers";

const NPM_S = 170;

describe("secop-lab installed globally from its package", function () {
  this.timeout((NPM_S + 120) * 1000);
  let root: string;
  let env: NodeJS.ProcessEnv;

  const run = async (program: string, args: readonly string[], timeout = 60) => {
    const cwd = join(root, "mein labor");
    const { code, stdout, stderr } = await runProgram(program, [...args], { cwd, env, timeout });
    expect(code, `${program} ${args.join(" ")}\n${stderr}${stdout}`).to.equal(0);
    return stdout;
  };

  before(async () => {
    root = mkdtempSync(join(tmpdir(), "secop-lab größe 測 "));
    mkdirSync(join(root, "mein labor"));
    env = { ...process.env, PATH: [join(root, "prefix", "bin"), process.env.PATH].join(delimiter) };
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    await run("npm", ["pack", repository, "--ignore-scripts", "--pack-destination", root, ...quiet], NPM_S);
    const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
    const tarball = join(root, `secop-lab-${version}.tgz`);
    await run(
      "npm",
      ["install", "--global", "--prefix", join(root, "prefix"), "--prefer-offline", ...quiet, tarball],
      NPM_S,
    );
  });

  after(() => rmSync(root, { recursive: true, force: true }));

  it("runs a notebook in a folder without package.json, by its name on the PATH", async () => {
    const path = join(root, "mein labor", "messung ü.ipynb");
    const cells = notebookOf(
      "%lsmagic",
      `import { count, createRunEngine, SimDetector } from "secop-lab"; const RE = createRunEngine({ store: false });`,
      `console.log((await RE(count([new SimDetector("det")], 3))).exitStatus)`,
    );
    writeFileSync(path, JSON.stringify(cells));
    expect(await run("secop-lab", ["run", path, "--html"])).to.match(/^success$/m);
  });

  it("registers its kernel in a Python environment, given by its folder or by the python on the PATH", async () => {
    const environment = join(root, "umgebung");
    await run(peersPython(), ["-m", "venv", "--without-pip", environment]);
    env = { ...env, PATH: [join(environment, "bin"), env.PATH].join(delimiter), JUPYTER_PATH: "" };
    for (const where of [["--sys-prefix"], ["--prefix", environment]]) {
      const spec = join(environment, "share/jupyter/kernels/secop-lab/kernel.json");
      expect(await run("secop-lab", ["install", ...where])).to.contain(environment);
      const { argv } = JSON.parse(readFileSync(spec, "utf8"));
      expect(argv.find((word: string) => word.endsWith("main.js"))).to.match(
        new RegExp(`^${join(root, "prefix")}.*dist/kernel/main\\.js$`),
      );
      const executed = await run(peersPython(), ["-c", EXECUTE], 90);
      expect(executed).to.contain("stdout here 42");
      expect(await run("secop-lab", ["uninstall", ...where])).to.contain("removed");
    }
  });
});

/** Python code that starts the kernel which Jupyter finds in the environment, in the working directory. */
const EXECUTE = `
import os, shutil, sys
python = shutil.which("python3")
os.environ["JUPYTER_PATH"] = os.path.join(os.path.dirname(os.path.dirname(python)), "share", "jupyter")
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="secop-lab")
client.execute_interactive("console.log('here', 6 * 7)", output_hook=lambda m: print(m["content"].get("name"), m["content"].get("text")), timeout=60)
client.stop_channels()
manager.shutdown_kernel()
`;
