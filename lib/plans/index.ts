/**
 * Plans: generators of messages that a RunEngine does, as in bluesky. Their chapters are bluesky's modules:
 * stubs/ (`bps`), preprocessors/ (`bpp`), scans/ (`bp`), patterns/ (`planPatterns`) and simulate/. They use
 * the protocols of devices and the messages of the engine, and no devices. Begin with scans/count.ts.
 */

export * as planPatterns from "./patterns";
export {
  arange,
  Cycler,
  cycler,
  geomspace,
  type LogspaceOptions,
  linspace,
  logspace,
  range,
  type SpacingOptions,
} from "./patterns";
export { plan } from "./plan";
export * from "./preprocessors";
export * as bpp from "./preprocessors";
export * from "./scans";
export * as bp from "./scans";
export * from "./simulate";
export * from "./stubs";
export * as bps from "./stubs";
