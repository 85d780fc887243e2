/** The error of a run that has none of the data that was asked for. */

import { UsageError } from "../../errors";

/** A run lacks the data that was asked for. An export of several runs leaves it out and writes the others. */
export class NothingRecorded extends UsageError {}
