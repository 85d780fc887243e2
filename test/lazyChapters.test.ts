/** Tests of what the built package loads: `npm run build` first. */

import { join } from "node:path";
import { expect } from "chai";
import { repository, runProgram } from "./peers/peers";

const DIST = join(repository, "dist");
/** The loaded files of EPICS and Tango, and of ZeroMQ, which only the kernel needs beside Tango. */
const LOADED = `Object.keys(require.cache).filter((file) => /[\\\\/]dist[\\\\/]lib[\\\\/](epics|tango)[\\\\/]/.test(file))`;

async function printed(code: string, ...flags: string[]): Promise<unknown> {
  const { stdout, stderr } = await runProgram(process.execPath, [...flags, "-e", code]);
  expect(stderr).to.equal("");
  return JSON.parse(stdout);
}

describe("the built package", function () {
  this.timeout(60_000);

  it("loads no code of EPICS or Tango while none of their names is used", async () => {
    const used = `
      const lab = require(${JSON.stringify(join(DIST, "lib"))});
      const { createRunEngine, initDevices, SecopNodeDevice, scan, SimMotor, SimDetector, startSimNode } = lab;
      (async () => {
        const sim = await startSimNode({ modules: ["cryo"] });
        const { node } = await initDevices({ node: new SecopNodeDevice(sim.uri, { logDir: require("os").tmpdir() }) });
        await lab.makeRunEngine({ notify: () => {} })(scan([new SimDetector("det")], new SimMotor("m"), 0, 1, 3));
        await node.dispose();
        await sim.close();
        const none = ${LOADED}.length;
        const before = typeof lab.EpicsMotor;
        const epics = ${LOADED}.filter((file) => /epics/.test(file)).length;
        const tango = ${LOADED}.length - epics;
        const all = typeof lab.TangoDevice;
        console.log(JSON.stringify({ none, before, hasEpics: epics > 0, tango, all, hasTango: ${LOADED}.length > epics }));
      })();
    `;
    expect(await printed(used)).to.deep.equal({
      none: 0,
      before: "function",
      hasEpics: true,
      tango: 0,
      all: "function",
      hasTango: true,
    });
  });

  it("loads none of it in a kernel either", async () => {
    const kernel = `require(${JSON.stringify(join(DIST, "kernel"))}); console.log(JSON.stringify(${LOADED}));`;
    expect(await printed(kernel)).to.deep.equal([]);
  });

  it("gives the same names to ES modules, and to those who import all", async () => {
    const index = JSON.stringify(join(DIST, "lib/index.js"));
    const code = `
      import { EpicsMotor, tangoSignalR, EpicsError } from ${index};
      import * as lab from ${index};
      const same = lab.EpicsMotor === EpicsMotor && lab.tangoSignalR === tangoSignalR;
      console.log(JSON.stringify([same, new EpicsError("x") instanceof lab.EpicsError, "generateEpicsClass" in lab]));
    `;
    expect(await printed(code, "--input-type=module")).to.deep.equal([true, true, true]);
  });
});
