/** Registers the files that the detectors of a run write with a Tiled server. */

import type { DataKey, StreamDatum, StreamResource } from "../../engine/documents/documents";
import { UsageError } from "../../errors";
import { DetectorFiles } from "./detectorFiles";
import type { TiledClient } from "./tiledClient";
import { TiledError } from "./tiledError";

/** The stream of a file. */
export interface StreamOnServer {
  readonly name: string;
  readonly path: string;
  readonly keys: Readonly<Record<string, DataKey>>;
}

/**
 * The files of a run. A server takes them only if it sees the same disk, at the same path, and may serve it
 * (`tiled serve ... -r FOLDER`). Without that the run is stored all the same, with a note that says so.
 */
export class RegisteredFiles {
  readonly #client: TiledClient;
  readonly #resources = new Map<string, StreamResource>();
  /** The files by stream and data key; undefined for those that cannot be registered. */
  readonly #files = new Map<string, DetectorFiles | undefined>();
  readonly #notes = new Map<string, string>();

  constructor(client: TiledClient) {
    this.#client = client;
  }

  resource(resource: StreamResource): void {
    this.#resources.set(resource.uid, resource);
  }

  datum(datum: StreamDatum, stream: StreamOnServer): void {
    const resource = this.#resources.get(datum.stream_resource);
    const described = stream.keys[resource?.data_key ?? ""];
    if (!resource || !described) return;
    const id = `'${resource.data_key}' in stream '${stream.name}'`;
    try {
      if (!this.#files.has(id)) this.#files.set(id, new DetectorFiles(resource, stream.path, described));
      const files = this.#files.get(id);
      files?.resource(resource);
      files?.datum(datum);
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof UsageError)) throw error;
      this.#files.set(id, undefined);
      this.#notes.set(id, `${error.message}.`);
    }
  }

  /** Registers new rows. A server that refuses is asked again with the next rows. */
  send(): Promise<void> {
    return this.#each((files) => files.send(this.#client));
  }

  /** Registers the rest, and checks whether the server can read it. */
  async end(): Promise<void> {
    await this.send();
    await this.#each((files) => files.check(this.#client));
  }

  async #each(work: (files: DetectorFiles) => Promise<void>): Promise<void> {
    for (const [id, files] of this.#files) {
      if (!files) continue;
      try {
        await work(files);
        this.#notes.delete(id);
      } catch (error) {
        if (!(error instanceof TiledError)) throw error;
        this.#notes.set(id, `the server cannot read them (status ${error.status}).`);
      }
    }
  }

  /** The paths of the arrays on the server. */
  paths(): string[] {
    return [...this.#files.values()].flatMap((files) => (files?.isRegistered ? [files.path] : []));
  }

  /** Sentences that say which files are not registered, and why. */
  notes(): string[] {
    return [...this.#notes].map(([id, reason]) => `The files of ${id} are not registered: ${reason}`);
  }
}
