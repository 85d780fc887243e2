/** JupyterLab with encrypted kernels, and with kernels on sockets of the file system. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { Lab } from "./lab";

describe("a notebook in JupyterLab", function () {
  this.timeout(180_000);

  const ways = {
    "encrypted by CurveZMQ": ["--KernelManager.transport_encryption=required"],
    "on sockets of the file system": ["--KernelManager.transport=ipc"],
  };
  for (const [way, options] of Object.entries(ways)) {
    it(`runs cells ${way}`, async () => {
      const lab = await Lab.start(options);
      try {
        const notebook = await lab.openCells("way.ipynb", ["console.log('printed'); 6 * 7"]);
        await notebook.runAll();
        await notebook.page.locator(".jp-OutputArea-executeResult", { hasText: "42" }).waitFor({ timeout: 60_000 });
        const outputs = await notebook.outputs(0);
        expect(outputs.map(({ output_type }) => output_type)).to.deep.equal(["stream", "execute_result"]);
        const folder = join(lab.workspace, "../runtime");
        const [file = ""] = readdirSync(folder).filter((name) => /^kernel-.*\.json$/.test(name));
        const connection = JSON.parse(readFileSync(join(folder, file), "utf8"));
        expect(["curve_secretkey" in connection, connection.transport]).to.deep.equal(
          way.startsWith("encrypted") ? [true, "tcp"] : [false, "ipc"],
        );
      } finally {
        await lab.close();
      }
    });
  }
});
