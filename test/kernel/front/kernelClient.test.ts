import { expect } from "chai";
import { failure } from "../../support/failure";
import { KernelClient } from "../../support/kernelClient";

describe("the client that the kernel's tests use", function () {
  this.timeout(60_000);

  it("rejects pending and later requests to a hung kernel at once when all kernels are ended", async () => {
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
