import { join } from "node:path";
import { expect } from "chai";
import { JupyterHome } from "../../peers/jupyter";
import { peersPython, repository, runProgram } from "../../peers/peers";

describe("jupyter_kernel_test, the community's test suite for kernels", function () {
  this.timeout(120_000);

  it("passes, except for the pager, which notebooks do not have", async () => {
    const home = await JupyterHome.create();
    try {
      const script = join(repository, "test/kernel/front/jupyter_kernel_test_suite.py");
      const { code, stderr } = await runProgram(peersPython(), [script], {
        cwd: home.workspace,
        env: home.env,
        timeout: 110,
      });
      expect(code, stderr).to.equal(0);
      expect(stderr).to.match(/\nOK \(skipped=1\)/);
      expect(stderr).to.match(/test_pager .*skipped/);
    } finally {
      home.close();
    }
  });
});
