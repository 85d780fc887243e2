/** Images in a NeXus file: an NXdetector each, which links the files of the detector or has a copy. */

import { relative } from "node:path";
import type { StreamDatum, StreamResource } from "../../../engine/documents/documents";
import type { ImageChoice } from "../../../engine/result/runExports";
import { datasetOf, framesOf, pathOfUri } from "../../reading/imageFiles";
import type { CollectedRun } from "../collectRun";
import type { H5Group, Hdf5Writer } from "./hdf5Writer";

/** Writes the detectors. @param folder that of the NeXus file, as an absolute path */
export async function writeImages(
  writer: Hdf5Writer,
  instrument: H5Group,
  run: CollectedRun,
  { choice, folder }: { readonly choice: ImageChoice; readonly folder: string },
): Promise<void> {
  const byKey = new Map<string, StreamResource[]>();
  for (const resource of run.resources)
    byKey.set(resource.data_key, [...(byKey.get(resource.data_key) ?? []), resource]);
  for (const [key, resources] of byKey) {
    const detector = writer.group(instrument, key, "NXdetector");
    for (const resource of resources) {
      const note = writer.group(detector, "data_file", "NXnote");
      writer.field(note, "type", resource.mimetype);
      writer.field(note, "file_name", resource.uri);
      writer.field(note, "description", resource.parameters);
      if (choice === "link") linkImages(writer, detector, resource, folder);
    }
    if (choice === "copy") await copyFrames(writer, detector, resources, run.data);
  }
}

/** Links the dataset of an HDF5 file of this computer; files below the folder can be moved along with it. */
function linkImages(writer: Hdf5Writer, detector: H5Group, resource: StreamResource, folder: string): void {
  if (!/hdf5/.test(resource.mimetype) || !resource.uri.startsWith("file:")) return;
  const path = pathOfUri(resource.uri);
  const below = relative(folder, path);
  writer.externalLink(below.startsWith("..") ? path : below, datasetOf(resource), detector, "data");
}

/** Copies frame by frame, since all of them may be more than the memory. */
async function copyFrames(
  writer: Hdf5Writer,
  detector: H5Group,
  resources: readonly StreamResource[],
  data: readonly StreamDatum[],
): Promise<void> {
  const copy = writer.frames(detector, "data", { units: "counts" });
  for await (const frame of framesOf(resources, data)) copy(frame);
}
