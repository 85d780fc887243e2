import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import { freePorts } from "../../../kernel/run/freePorts";
import { repository } from "../../peers/peers";

describe("a kernel whose port is taken by another program", function () {
  this.timeout(60_000);
  let taken: Server;
  let port: number;
  let dir: string;

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "secop-lab-"));
    taken = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    port = (taken.address() as { readonly port: number }).port;
  });

  after(async () => {
    rmSync(dir, { recursive: true });
    await new Promise((resolve) => taken.close(resolve));
  });

  for (const channel of ["shell", "iopub", "stdin", "control", "hb"]) {
    it(`ends, and names the address in one line, if it is the port of its ${channel} channel`, async () => {
      const [shell_port, iopub_port, stdin_port, control_port, hb_port] = await freePorts(5);
      const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port, [`${channel}_port`]: port };
      const file = join(dir, `${channel}.json`);
      const connection = { ...ports, ip: "127.0.0.1", transport: "tcp", key: "k", signature_scheme: "hmac-sha256" };
      writeFileSync(file, JSON.stringify(connection));
      const kernel = spawn(process.execPath, [join(repository, "dist/kernel/main.js"), "kernel", file], {
        stdio: ["ignore", "inherit", "pipe"],
      });
      const ended = new Promise((resolve) => kernel.once("exit", (code, signal) => resolve(code ?? signal)));
      expect(await text(kernel.stderr)).to.equal(
        `secop-lab kernel: the kernel cannot listen at tcp://127.0.0.1:${port}: Address already in use\n`,
      );
      expect(await ended).to.equal(1);
    });
  }
});
