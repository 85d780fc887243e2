import { expect } from "chai";
import { failure } from "../../support/failure";
import { KernelClient } from "../../support/kernelClient";

describe("the client of the kernel's tests", function () {
  this.timeout(60_000);

  it("lets whoever waits for a hung kernel fail at once when all kernels are ended, then and later", async () => {
    const kernel = await KernelClient.start();
    try {
      const hung = failure(kernel.run("for (;;);"));
      const status = await kernel.message((message) => message.content.execution_state === "busy");
      expect(status.type).to.equal("status");
      KernelClient.endAll();
      expect((await hung).message).to.match(/^the kernel ended before the message came/);
      expect((await failure(kernel.run("1"))).message).to.match(/^the kernel ended before the message came/);
      expect((await failure(kernel.shutdown())).message).to.match(/^the kernel ended before/);
      expect((await failure(kernel.heartbeat())).message).to.match(/^the kernel ended before/);
    } finally {
      await kernel.close();
    }
  });
});
