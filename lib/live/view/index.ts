/**
 * What every live view is made of. A view extends `RunRouter` (runRouter.ts, where to begin), which gives it
 * one run at a time; streamFields.ts says which fields of a run are shown, and liveFrames.ts draws them a few
 * times a second. It uses the documents and the display, and no other chapter.
 */

export { DocumentConsumer } from "./documentConsumer";
export type { ComputedField, FieldSource } from "./fieldSource";
export { type EventHandler, RunRouter, type RunView } from "./runRouter";
