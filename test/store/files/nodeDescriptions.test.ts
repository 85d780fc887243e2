/** The descriptions of SEC nodes that are kept beside the runs. */

import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { $sourceIdentity, announceSource, type SourceIdentity } from "../../../lib/core/protocols/dataSources";
import type { RunStart } from "../../../lib/engine";
import { descriptionsOf, NodeDescriptions } from "../../../lib/store/files/nodeDescriptions";

describe("the descriptions of nodes", () => {
  const before = process.cwd();
  let dir: string;

  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), "descriptions-")));
  });
  afterEach(() => {
    process.chdir(before);
    rmSync(dir, { recursive: true });
  });

  it("are beside the runs although the working folder has changed, and are found by them", () => {
    const hash = "a".repeat(64);
    const facts = { description_sha256: hash };
    let identity: SourceIdentity | undefined = { kind: "sec_node", name: "cryo", facts, description: "{}" };
    const source = { [$sourceIdentity]: () => identity };
    announceSource(source);
    process.chdir(dir);
    const descriptions = new NodeDescriptions("runs");
    mkdirSync("elsewhere");
    process.chdir("elsewhere");
    descriptions.keep();
    identity = undefined;
    expect(readdirSync(join(dir, "elsewhere"))).to.deep.equal([]);
    const start = { uid: "1", time: 0, provenance: { sec_nodes: { cryo: facts } } } as RunStart;
    expect([...descriptionsOf(join(dir, "runs/2026/run.jsonl"), start)]).to.deep.equal([["cryo", "{}"]]);
    const hostile = { cryo: { description_sha256: "../../etc/passwd" }, oven: null, stage: 5 };
    const odd = { ...start, provenance: { sec_nodes: hostile } } as RunStart;
    expect([...descriptionsOf(join(dir, "runs/2026/run.jsonl"), odd)]).to.deep.equal([]);
  });
});
