export * from "./msg";
export * from "./protocols";
export { Status, WatchableStatus } from "./status";
