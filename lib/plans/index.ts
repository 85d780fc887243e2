export { count } from "./scans/count";
export { listScan, relListScan, relScan, scan } from "./scans/scan";
export { scanNd } from "./scans/scanNd";
export * from "./stubs/deviceStubs";
export * from "./stubs/flowStubs";
export * from "./stubs/pointStubs";
export * from "./stubs/runStubs";
