/**
 * Finds the peak in a line and says it in words, by bluesky's definitions.
 * It uses the lines and fields of views, and draws nothing. Begin with peakStats.ts.
 */

export { type Peak, PeakStats } from "./peakStats";
