/**
 * Reads run files, also damaged ones, and the frames that detectors wrote into files of their own.
 *
 * This chapter uses `files`, whose format it reads. Begin reading with `readDocuments`; `fileEnds` reads the
 * first and the last document only, and `fastColumn` one column of a large file.
 */

export { framesOf } from "./imageFiles";
export { readDocuments } from "./readDocuments";
