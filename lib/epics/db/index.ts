/**
 * The database files of EPICS.
 *
 * `dbFile` reads their records, and `recordTypes` says what a record is as a member of a class. This chapter
 * uses `values` for the names of states, and never a connection. Begin reading with `dbFile`.
 */

export { type DbMacros, type DbRecord, parseDatabase } from "./dbFile";
export { memberOf, type PvMember } from "./recordTypes";
