/** The error of a run that has none of the data that was asked for. */

import { UsageError } from "../../errors";

/** A run has no such data. Where several runs are exported, it is left out, and the others are written. */
export class NothingRecorded extends UsageError {}
