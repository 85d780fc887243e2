/**
 * Helpers for tests of devices and plans: `import { assertReading } from "secop-lab/testing"`.
 *
 * They throw Node's `AssertionError`, so they work with every test runner.
 */

export { assertConfiguration, assertEmitted, assertReading, assertValue, type ExpectedReadings } from "./assertions";
export { OneOfEverything, oneOfEverything } from "./oneOfEverything";
