/**
 * A run as a NeXus file (HDF5).
 *
 * This folder uses the columns of `export` and the library h5wasm, which it loads when it is needed. Begin
 * reading with `nexusFile`, which lays out the groups; `nexusColumn`, `nexusImages` and `nexusSensors` fill
 * them, and `hdf5Writer` writes.
 */

export { writeNexus } from "./nexusFile";
