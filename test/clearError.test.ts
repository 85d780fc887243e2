/** Tests of how our own errors look where they are printed, and where they end a script. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { expect } from "chai";
import {
  createRunEngine,
  EpicsError,
  NotConnectedError,
  SimMotor,
  scan,
  secopError,
  TangoError,
  TimeoutError,
  UsageError,
} from "../lib/index";
import { repository, runProgram } from "./peers/peers";
import { failure } from "./support/failure";

describe("an error of the library", function () {
  this.timeout(30_000);
  const folder = mkdtempSync(join(tmpdir(), "secop-lab-errors-"));

  after(() => rmSync(folder, { recursive: true }));

  /** The lines behind the line of code that Node shows, when a script ends by the error. */
  async function fatal(env: NodeJS.ProcessEnv = {}): Promise<string> {
    const script = join(folder, "script.cjs");
    writeFileSync(
      script,
      `const { initDevices, SecopNodeDevice } = require(${JSON.stringify(join(repository, "dist/lib/index.js"))});
       async function main() {
         await initDevices({ cryo: new SecopNodeDevice("localhost:1") });
       }
       main();`,
    );
    const { code, stderr } = await runProgram(process.execPath, [script], { env: { ...process.env, ...env } });
    expect(code).to.equal(1);
    return stderr.slice(stderr.indexOf("NotConnectedError: "), stderr.indexOf("\n\nNode.js"));
  }

  it("is printed as its line and the frames of the user, without fields and causes", () => {
    const error = secopError("RangeError", "cannot set cryo:target to 400 K", {
      module: "cryo",
      cause: new Error("x"),
    });
    const [line, frame] = inspect(error).split("\n");
    expect(line).to.equal("RangeError: cannot set cryo:target to 400 K");
    expect(frame).to.match(/^ {4}at .*clearError\.test\.ts:\d+:\d+\)$/);
    expect(inspect(error)).not.to.contain("module").and.not.to.contain("errors.ts");
    expect(error.cause).to.be.instanceOf(Error);
  });

  it("has no escape sequences, whatever texts of a server its message quotes", () => {
    for (const ErrorOf of [EpicsError, TangoError, UsageError, TimeoutError])
      expect(new ErrorOf("the valve is \x1b[31mshut\0").message).to.equal("the valve is \\x1b[31mshut\\x00");
  });

  it("that refuses a plan names the line that started the plan", async () => {
    const RE = createRunEngine({ live: false, store: false });
    const motor = new SimMotor("motor");
    const error = await failure(RE(scan([motor], motor, 0, 1, 0)));
    expect(inspect(error).split("\n")).to.have.length.above(1);
    expect(inspect(error)).to.match(/^UsageError: scan: num is .*\n {4}at .*clearError\.test\.ts/);
  });

  it("is printed with a cause that came about in code of the user", () => {
    const readSettings = (): never => {
      throw new Error("mine");
    };
    try {
      readSettings();
    } catch (cause) {
      const text = inspect(new UsageError("cannot use it: mine", { cause }));
      expect(text).to.match(/^UsageError: cannot use it: mine\n[\s\S]*\ncaused by Error: mine\n {4}at readSettings /);
    }
    const circle = new UsageError("round");
    circle.cause = circle;
    expect(inspect(circle).match(/round/g)).to.have.length(1);
  });

  it("is printed whole if SECOP_LAB_VERBOSE is set", () => {
    const error = new NotConnectedError(new Map([["a", new Error("gone")]]));
    expect(inspect(error)).not.to.contain("failures:");
    process.env.SECOP_LAB_VERBOSE = "1";
    try {
      expect(inspect(error)).to.contain("failures: Map(1)");
    } finally {
      delete process.env.SECOP_LAB_VERBOSE;
    }
  });

  it("that ends a script is one message and the line of the script, or everything on demand", async () => {
    expect(await fatal()).to.match(
      /^NotConnectedError: 1 device could not be connected:\n {2}cryo: cannot connect to localhost:1: connection refused: .*\n {4}at async main \(.*script\.cjs:3:10\)$/,
    );
    expect(await fatal({ SECOP_LAB_VERBOSE: "1" })).to.contain("code: 'ECONNREFUSED'");
  });
});
