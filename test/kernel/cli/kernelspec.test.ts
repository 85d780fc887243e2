import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { peer, repository, runProgram } from "../../peers/peers";

const main = join(repository, "dist/kernel/main.js");

describe("secop-lab install", function () {
  this.timeout(30_000);
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "secop-lab home é "));
  });

  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const secopLab = (env: NodeJS.ProcessEnv, ...args: string[]) =>
    runProgram(process.execPath, [main, ...args], { env: { ...process.env, HOME: home, ...env } });

  it("registers the kernel with this user's Jupyter, and uninstall removes it", async () => {
    const env = { JUPYTER_DATA_DIR: join(home, "data") };
    const { code, stdout } = await secopLab(env, "install");
    expect(code).to.equal(0);
    expect(stdout).to.contain(join(home, "data/kernels/secop-lab"));
    const listed = await runProgram(peer("jupyter"), ["kernelspec", "list", "--json"], {
      env: { ...process.env, HOME: home, ...env },
    });
    const { spec } = JSON.parse(listed.stdout).kernelspecs["secop-lab"];
    expect(spec).to.deep.include({
      display_name: "TypeScript (secop-lab)",
      language: "typescript",
      interrupt_mode: "message",
    });
    expect(spec.argv[0]).to.equal(process.execPath);
    expect(spec.argv.slice(-3)).to.deep.equal([main, "kernel", "{connection_file}"]);
    await secopLab(env, "uninstall");
    expect(existsSync(join(home, "data/kernels/secop-lab"))).to.equal(false);
    expect((await secopLab(env, "uninstall")).stdout).to.contain("nothing to remove");
  });

  it("installs into a folder, and into the environment of the Python on the PATH", async () => {
    await secopLab({}, "install", "--prefix", join(home, "env"));
    const file = join(home, "env/share/jupyter/kernels/secop-lab/kernel.json");
    expect(JSON.parse(readFileSync(file, "utf8")).argv).to.include(main);
    const without = await secopLab({ PATH: home }, "install", "--sys-prefix");
    expect([without.code, without.stderr]).to.deep.equal([
      1,
      "secop-lab: --sys-prefix asks Python for its prefix, but there is no python3 on the PATH: use --prefix DIR\n",
    ]);
  });

  it("is found by doctor wherever Jupyter finds it, for all users too", async () => {
    const bin = join(repository, ".peers/venv/bin");
    const env = { PATH: [bin, process.env.PATH].join(delimiter), JUPYTER_DATA_DIR: join(home, "data") };
    await secopLab(env, "install", "--prefix", join(home, "all"));
    const shared = join(home, "all/share/jupyter");
    const kernelLine = async (more: NodeJS.ProcessEnv) =>
      (await secopLab({ ...env, ...more }, "doctor")).stdout
        .split("\n")
        .find((line) => line.includes("kernel in Jupyter"));
    expect(await kernelLine({ JUPYTER_PATH: "" })).to.match(/^MISSING +kernel in Jupyter: not found by Jupyter: npx/);
    expect(await kernelLine({ JUPYTER_PATH: shared }))
      .to.match(/^ok /)
      .and.to.contain(join(shared, "kernels/secop-lab"));
  });

  it("prints help, and suggests the command that was probably meant", async () => {
    const { stdout } = await secopLab({}, "--help");
    for (const command of ["install", "uninstall", "run", "sim", "discover", "generate", "doctor"]) {
      expect(stdout).to.match(new RegExp(`^  ${command}`, "m"));
    }
    const { code, stderr } = await secopLab({}, "instal");
    expect(code).to.equal(1);
    expect(stderr).to.contain("Did you mean install?");
  });
});
