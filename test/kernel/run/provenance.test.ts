import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { startSimNode } from "../../../lib/sim";
import { openRuns } from "../../../lib/store/openRuns";
import { repository, runProgram } from "../../peers/peers";

describe("a notebook that is run by secop-lab run", () => {
  let dir: string;

  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), "origin-")));
  });

  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("has its name, cell, parameters, packages and nodes in the start documents of its runs", async () => {
    const node = await startSimNode({ port: 0 });
    try {
      const code =
        'import { tool } from "some-tool";\nconst RE = createRunEngine({ live: false });\n' +
        `const cryo = new SecopNodeDevice("localhost:${node.port}", { name: "cryo" });\nawait initDevices({ cryo });\n` +
        "await RE(count([new SimDetector(tool)], n));";
      const cells = [
        cell("par1", "let temperature = 5;\nconst n = 2;", { tags: ["parameters"] }),
        cell("run2", code),
        cell("bg3", "temperature = 9;\nawait RE(count([new SimDetector(tool)]));"),
      ];
      writeFileSync(join(dir, "scan.ipynb"), JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
      mkdirSync(join(dir, "node_modules/some-tool"), { recursive: true });
      writeFileSync(
        join(dir, "node_modules/some-tool/package.json"),
        '{"name":"some-tool","version":"3.1.4","main":"x.js"}',
      );
      writeFileSync(join(dir, "node_modules/some-tool/x.js"), 'exports.tool = "det";');
      const program = join(repository, "dist/kernel/main.js");
      const args = [program, "run", "scan.ipynb", "-p", "temperature=7"];
      const { code: exit, stdout, stderr } = await runProgram(process.execPath, args, { cwd: dir });
      expect(exit, stderr + stdout).to.equal(0);
      const [second, first] = openRuns(join(dir, "runs"))
        .find({})
        .map(({ start }) => start);
      const found = first?.provenance as Record<string, Record<string, unknown>>;
      expect(found.notebook).to.deep.equal({
        path: "scan.ipynb",
        sha256: sha256(readFileSync(join(dir, "scan.ipynb"))),
        cell_id: "run2",
        execution_count: 2,
      });
      expect(found.code).to.deep.equal({ sha256: sha256(code) });
      expect(found.parameters).to.deep.equal({ temperature: 7, n: 2 });
      expect(first?.versions).to.have.property("some-tool", "3.1.4");
      expect(first?.versions).to.have.property("typescript");
      const { equipment_id, uri, description_sha256: hash } = (found.sec_nodes?.cryo ?? {}) as Record<string, string>;
      expect({ equipment_id, uri }).to.deep.equal({ equipment_id: "demo", uri: `localhost:${node.port}` });
      // The description itself is kept once, beside the runs.
      const kept = readFileSync(join(dir, "runs/.nodes", `${hash}.json`));
      expect(sha256(kept)).to.equal(hash);
      expect(JSON.parse(kept.toString())).to.have.property("equipment_id", "demo");
      expect(second?.provenance).to.deep.include({ parameters: { temperature: 9, n: 2 } });
      const { notebook } = (second?.provenance ?? {}) as typeof found;
      expect(notebook).to.include({ cell_id: "bg3", execution_count: 3 });
    } finally {
      await node.close();
    }
  }).timeout(90_000);
});

const cell = (id: string, source: string, metadata: object = {}) => ({
  ...{ cell_type: "code", id, source, metadata, outputs: [], execution_count: null },
});
const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");
