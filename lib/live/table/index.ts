/**
 * The events of a stream as a table, and the baseline of a run.
 *
 * liveTable.ts is the view of the user, where to begin; tableModel.ts keeps the newest rows, which
 * tableContent.ts shows in a notebook and tablePrinter.ts prints elsewhere. The number format of a column is
 * chosen by lib/display/numberColumn.ts. It uses what all views are made of.
 */

export { Baseline } from "./baseline";
export { LiveTable, type LiveTableOptions } from "./liveTable";
export { type TableContent, tableContent } from "./tableContent";
export { cell, TableModel } from "./tableModel";
export { TablePrinter } from "./tablePrinter";
export { closingLine } from "./tableText";
