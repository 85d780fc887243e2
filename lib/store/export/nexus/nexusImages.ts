/** Images in a NeXus file: an NXdetector each, which links the files of the detector or has a copy. */

import { relative } from "node:path";
import type { DataKey, StreamResource } from "../../../engine/documents/documents";
import type { ImageChoice, ImageFrame } from "../../../engine/result/runExports";
import { datasetOf } from "../../reading/hdf5Images";
import { framesOf, pathOfUri } from "../../reading/imageFiles";
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
    if (choice === "copy") await copyFrames(writer, detector, framesOf(resources, run.data, describedIn(run, key)));
  }
}

/** Links the dataset of an HDF5 file of this computer; files below the folder can be moved along with it. */
function linkImages(writer: Hdf5Writer, detector: H5Group, resource: StreamResource, folder: string): void {
  if (!/hdf5/.test(resource.mimetype) || !resource.uri.startsWith("file:")) return;
  const path = pathOfUri(resource.uri);
  const below = relative(folder, path);
  writer.externalLink(below.startsWith("..") ? path : below, datasetOf(resource), detector, "data");
}

/** The data key of a detector. */
const describedIn = ({ streams }: CollectedRun, key: string): DataKey | undefined =>
  streams.flatMap(({ descriptors }) => descriptors.map(({ data_keys }) => data_keys[key])).find(Boolean);

/** Copies frame by frame, since all of them may be more than the memory. */
async function copyFrames(writer: Hdf5Writer, detector: H5Group, frames: AsyncIterable<ImageFrame>): Promise<void> {
  const copy = writer.frames(detector, "data", { units: "counts" });
  for await (const frame of frames) copy(frame);
}
