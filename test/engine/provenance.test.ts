import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os, { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import type { CodeOrigin } from "../../lib/display/host";
import type { RunStart } from "../../lib/engine/documents/documents";
import { type ProvenanceOptions, provenance } from "../../lib/engine/documents/provenance";
import { count } from "../../lib/plans";
import { SimDetector } from "../../lib/sim/devices/simDetector";
import { quietEngine } from "../support/quietEngine";
import { RecordingHost } from "../support/recordingHost";

type Origin = Record<string, Record<string, unknown>>;

/** A notebook whose cell is what the test says. */
class NotebookHost extends RecordingHost {
  origin: CodeOrigin;
  constructor(origin: CodeOrigin) {
    super(true);
    this.origin = origin;
  }
  codeOrigin(): CodeOrigin {
    return this.origin;
  }
}

describe("the provenance of a run", () => {
  let dir: string;
  let host: NotebookHost | undefined;
  const { PATH } = process.env;

  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), "origin-")));
  });

  afterEach(() => {
    host?.release();
    host = undefined;
    process.env.PATH = PATH;
    rmSync(dir, { recursive: true, force: true });
  });

  const git = (...args: string[]) =>
    execFileSync("git", ["-C", dir, "-c", "user.name=Ada", "-c", "user.email=ada@lab", ...args], {
      encoding: "utf8",
    }).trim();

  const repository = () => {
    git("init", "-q", "-b", "main");
    mkdirSync(join(dir, "notebooks"));
    writeFileSync(join(dir, "notebooks/scan.ipynb"), "{}");
    git("add", ".");
    git("commit", "-q", "-m", "first");
  };

  const cell = (executionCount: number, more: Partial<CodeOrigin> = {}): CodeOrigin => ({
    notebook: join(dir, "notebooks/scan.ipynb"),
    cellId: "4f1c",
    executionCount,
    code: "await RE(count([det]))",
    ...more,
  });

  /** The engine of a notebook, and a function that makes a run and returns its start document. */
  const engine = (options?: ProvenanceOptions) => {
    const { RE, notices } = quietEngine({ provenance: provenance(options) });
    const run = async (md = {}, detectors = [new SimDetector("plain")]): Promise<RunStart & { provenance: Origin }> => {
      const starts: unknown[] = [];
      const token = RE.subscribe((_, doc) => void starts.push(doc), "start");
      await RE(count(detectors), md);
      RE.unsubscribe(token);
      return starts[0] as RunStart & { provenance: Origin };
    };
    return { RE, run, notices };
  };

  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

  it("names notebook, cell, hash of its code, and the commit with branch and remote", async () => {
    repository();
    git("remote", "add", "origin", "https://ada:p@ss@git.lab/group/repo.git?token=1");
    host = new NotebookHost(cell(7));
    const { provenance: found } = await engine().run();
    expect(found.notebook).to.deep.equal({
      path: "notebooks/scan.ipynb",
      sha256: sha256("{}"),
      cell_id: "4f1c",
      execution_count: 7,
    });
    expect(found.code).to.deep.equal({ sha256: sha256("await RE(count([det]))") });
    expect(found.git).to.deep.equal({
      commit: git("rev-parse", "HEAD"),
      branch: "main",
      dirty: false,
      remote: "https://git.lab/group/repo.git",
    });
  });

  it("names a script that secop-lab run runs as one cell", async () => {
    writeFileSync(join(dir, "scan.ts"), "count");
    host = new NotebookHost(cell(1, { notebook: join(dir, "scan.ts") }));
    const { provenance: found } = await engine().run();
    expect(found.script).to.deep.equal({ path: "scan.ts", sha256: sha256("count") });
    expect(found).to.not.have.property("notebook");
  });

  it("is dirty when a file differs from the commit, but not by files that git does not know", async () => {
    repository();
    host = new NotebookHost(cell(1));
    const { run } = engine();
    writeFileSync(join(dir, "run.jsonl"), "");
    expect((await run()).provenance.git?.dirty).to.equal(false);
    writeFileSync(join(dir, "notebooks/scan.ipynb"), "{ }");
    // The same cell: git was asked already.
    expect((await run()).provenance.git?.dirty).to.equal(false);
    host.origin = cell(2);
    expect((await run()).provenance.git?.dirty).to.equal(true);
  });

  it("has no git outside of a repository and without the program, and names no folder of the person", async () => {
    host = new NotebookHost(cell(1));
    const { run } = engine();
    const outside = (await run()).provenance;
    expect(outside).to.not.have.property("git");
    expect(outside.notebook?.path).to.equal("scan.ipynb");
    process.env.PATH = dir;
    host.origin = cell(2);
    expect((await run()).provenance).to.not.have.property("git");
  });

  it("waits half a second for a git that hangs, and has its earlier answer then", async () => {
    repository();
    host = new NotebookHost(cell(1));
    const { run } = engine();
    const known = (await run()).provenance.git;
    writeFileSync(join(dir, "git"), "#!/bin/sh\nexec sleep 20\n");
    chmodSync(join(dir, "git"), 0o755);
    process.env.PATH = `${dir}${delimiter}${PATH}`;
    host.origin = cell(2);
    expect((await run()).provenance.git).to.deep.equal(known);
  });

  it("has the parameters, but no secrets and nothing that JSON does not hold", async () => {
    const det = new SimDetector("det");
    const parameters = {
      T: 7,
      sample: { "a.b": ["Pt"], f: () => {} },
      api_key: "x",
      password: "y",
      det,
      later: Promise,
    };
    host = new NotebookHost(cell(1, { parameters }));
    expect((await engine().run()).provenance.parameters).to.deep.equal({ T: 7, sample: { a_b: ["Pt"] } });
  });

  it("has the versions of what cells imported, beside those of the engine", async () => {
    host = new NotebookHost(cell(1, { versions: { typescript: "6.0.3", lodash: "4.17.21" } }));
    const { versions } = await engine().run();
    expect(versions).to.deep.include({ node: process.versions.node, typescript: "6.0.3", lodash: "4.17.21" });
    expect(versions).to.have.property("secop-lab");
  });

  it("has the seeds of the simulated devices of the run", async () => {
    const [noisy, other] = [new SimDetector("noisy", { noise: 1, seed: 42 }), new SimDetector("other", { noise: 1 })];
    const { run } = engine();
    expect((await run({}, [noisy])).provenance.seed).to.deep.equal({ noisy: 42 });
    expect((await run({}, [noisy, other])).provenance.seed).to.deep.equal({ noisy: 42, other: 0 });
    expect((await run()).provenance).to.not.have.property("seed");
  });

  it("names a person and the code of the cell only if it is asked to", async () => {
    host = new NotebookHost(cell(1));
    const text = JSON.stringify(await engine().run());
    expect(text).to.not.contain("RE(count").and.not.contain("user");
    const named = await engine({ user: "Ada Lovelace", code: true }).run();
    expect(named.user).to.equal("Ada Lovelace");
    expect(named.provenance.code?.text).to.equal("await RE(count([det]))");
    expect((await engine({ user: true }).run({ user: "Grace" })).user).to.equal("Grace");
    host.origin = cell(2, { code: "x".repeat(5000) });
    expect((await engine({ code: true }).run()).provenance.code).to.deep.equal({ sha256: sha256("x".repeat(5000)) });
  });

  it("is recorded in full where the account has no name, the working folder is gone, and git is slow", async () => {
    repository();
    host = new NotebookHost(cell(1));
    const { userInfo } = os;
    const { USER, LOGNAME } = process.env;
    const from = process.cwd();
    const gone = mkdtempSync(join(tmpdir(), "gone-"));
    // Comparing the files takes longer than git may take; all else is known at once.
    const real = execFileSync("which", ["git"], { encoding: "utf8" }).trim();
    const script = `#!/bin/sh\ncase "$*" in *" status "*) exec sleep 9;; esac\nexec ${real} "$@"\n`;
    mkdirSync(join(dir, "bin"));
    writeFileSync(join(dir, "bin/git"), script, { mode: 0o755 });
    process.env.PATH = `${join(dir, "bin")}${delimiter}${PATH}`;
    delete process.env.USER;
    delete process.env.LOGNAME;
    os.userInfo = (() => {
      throw new Error("A system error occurred: uv_os_get_passwd returned ENOENT");
    }) as typeof userInfo;
    try {
      process.chdir(gone);
      rmSync(gone, { recursive: true });
      const { run, notices } = engine({ user: true });
      await run();
      await delay(2500);
      host.origin = cell(1);
      const start = await run();
      expect(start).to.not.have.property("user");
      expect(start.provenance.notebook?.path).to.equal("notebooks/scan.ipynb");
      expect(start.provenance.git).to.deep.equal({
        commit: execFileSync(real, ["-C", dir, "rev-parse", "HEAD"], { encoding: "utf8", cwd: dir }).trim(),
      });
      process.env.USER = "ada";
      expect((await run()).user).to.equal("ada");
      expect(notices).to.deep.equal([]);
    } finally {
      process.chdir(from);
      os.userInfo = userInfo;
      Object.assign(process.env, { ...(USER && { USER }), ...(LOGNAME && { LOGNAME }) });
      if (USER === undefined) delete process.env.USER;
    }
  });

  it("is what the user's own function returns; one that fails is reported and the run is made", async () => {
    const { RE, run, notices } = engine();
    RE.provenance = () => ({ campaign: "winter", plan_name: "replaced" });
    expect(await run()).to.deep.include({ campaign: "winter", plan_name: "count" });
    RE.provenance = () => Promise.reject(new Error("no campaign"));
    expect(await run()).to.have.property("uid");
    expect(JSON.stringify(notices)).to.contain("the provenance of the run is not recorded: no campaign");
    RE.provenance = null;
    expect(await run()).to.not.have.property("provenance");
  });

  it("refuses options that do not exist", () => {
    // @ts-expect-error it is called `user`
    expect(() => provenance({ users: "Ada" })).to.throw("provenance has no option users");
  });
});
