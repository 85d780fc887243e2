/** Tests that the compiler beside a notebook neither downloads types nor opens a connection. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import { JsonRpc } from "../../../kernel/compiler/jsonRpc";
import { uriOf } from "../../../kernel/compiler/languageServer";
import { compilerPath } from "../../../kernel/modules/compilerPath";
import { until } from "../../support/until";
import { openNotebook } from "./notebook";

/** What a compiler does on its own: it would look for these packages' types, and for imports to suggest. */
const FILES = {
  "package.json": JSON.stringify({ dependencies: { lodash: "*", express: "*" } }),
  "bower.json": JSON.stringify({ dependencies: { jquery: "*" } }),
  "tsconfig.json": JSON.stringify({ compilerOptions: { allowJs: true }, typeAcquisition: { enable: true } }),
  "plain.js": 'exports.lodash = () => require("lodash"); exports.size = 3;',
};

describe("the compiler beside a notebook", function () {
  this.timeout(60_000);
  const search = process.env.PATH;
  const folders: string[] = [];
  const folder = (name: string): string => {
    const made = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), name));
    folders.push(made);
    return made;
  };
  /** A folder with an `npm` that writes down how it is called. */
  const npm = (): { readonly folder: string; readonly calls: () => string } => {
    const bin = folder("npm-");
    const calls = path.join(bin, "calls");
    fs.writeFileSync(path.join(bin, "npm"), `#!/bin/sh\necho "$@" >> ${calls}\n`, { mode: 0o755 });
    return { folder: bin, calls: () => (fs.existsSync(calls) ? fs.readFileSync(calls, "utf8") : "") };
  };

  afterEach(() => {
    process.env.PATH = search;
    for (const each of folders.splice(0)) fs.rmSync(each, { recursive: true, force: true });
  });

  it("neither runs npm nor opens a connection, though one with its own settings installs types", async function () {
    if (process.platform !== "linux") this.skip();
    const [ours, theirs] = [npm(), npm()];
    const before = new Set(children());
    process.env.PATH = `${ours.folder}:${search}`;
    const notebook = openNotebook({ files: FILES });
    const [compiler] = children().filter((pid) => !before.has(pid));
    try {
      const missing = await notebook.cell('import express from "express"; import _ from "lodash"; express(_)');
      expect(missing.errors.map((error) => error.slice(0, 30))).to.have.length(2);
      expect(await notebook.value('import { size } from "./plain.js"; size')).to.equal(3);
      await notebook.complete("loda", 4);
      await notebook.complete('import "', 8);
      await notebook.inspect("expre", 2);
      await installsTypes(theirs);
      expect(ours.calls()).to.equal("");
      expect(connections(compiler as string)).to.deep.equal([]);
    } finally {
      notebook.close();
    }
  });

  /** Asks a compiler with the settings of an editor about a script, until it has called its npm. */
  async function installsTypes(bin: { readonly folder: string; readonly calls: () => string }): Promise<void> {
    const home = folder("script-");
    const env = { ...process.env, PATH: `${bin.folder}:${search}`, XDG_CACHE_HOME: home };
    const child = spawn(compilerPath(), ["--lsp", "--stdio"], { cwd: home, env, stdio: ["pipe", "pipe", "ignore"] });
    const ended = once(child, "exit");
    try {
      // An editor that has no settings answers so.
      const rpc = new JsonRpc(child.stdout, child.stdin, (method, params) =>
        method === "workspace/configuration" ? (params as { items: unknown[] }).items.map(() => null) : null,
      );
      const capabilities = { workspace: { configuration: true } };
      await rpc.request("initialize", { processId: process.pid, rootUri: uriOf(home), capabilities });
      rpc.notify("initialized", {});
      const uri = uriOf(path.join(home, "a.js"));
      rpc.notify("textDocument/didOpen", {
        textDocument: { uri, languageId: "javascript", version: 1, text: 'require("lodash")' },
      });
      await rpc.request("textDocument/diagnostic", { textDocument: { uri } });
      await until(() => bin.calls() !== "");
      expect(bin.calls()).to.match(/^install .*types-registry/);
    } finally {
      child.kill();
      await ended;
    }
  }
});

function children(): string[] {
  return fs.readFileSync(`/proc/self/task/${process.pid}/children`, "latin1").trim().split(" ");
}

/** The sockets of a process that belong to the network: pipes to this process and files on disk do not. */
function connections(pid: string): string[] {
  const inodes = new Set(
    fs.readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(fs.readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? [];
      return inode === undefined ? [] : [inode];
    }),
  );
  return ["tcp", "tcp6", "udp", "udp6"].flatMap((kind) =>
    fs
      .readFileSync(`/proc/${pid}/net/${kind}`, "latin1")
      .split("\n")
      .filter((line) => inodes.has(line.trim().split(/\s+/)[9] ?? "")),
  );
}
