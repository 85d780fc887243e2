/** The description of a bundle as an RO-Crate 1.1 with its runs as a Process Run Crate 0.5. */

import type { BundlePart, PartRole } from "./bundlePart";

/** The name of the description in the archive. */
export const CRATE_FILE = "ro-crate-metadata.json";

const CONTEXT = "https://w3id.org/ro/crate/1.1/context";
const PROFILE = "https://w3id.org/ro/wfrun/process/0.5";
/** Terms of schema.org that the context of RO-Crate 1.1 does not have. */
const TERMS = { sha256: "https://schema.org/sha256" };
const SOFTWARE = "https://www.npmjs.com/package/secop-lab";

/** A file as it is in the archive. */
export interface ArchivedFile {
  readonly part: BundlePart;
  readonly bytes: number;
  readonly sha256: string;
  readonly modified: Date;
  /** The subject of the file, such as the node of a lock. */
  readonly about?: string | undefined;
}

/** A run, as its documents say. Times are Unix seconds. */
export interface ArchivedRun {
  readonly name: string;
  readonly file: string;
  readonly user: string | undefined;
  readonly start: number;
  readonly end: number | undefined;
  readonly failed: boolean;
}

export interface CrateFacts {
  readonly title: string;
  readonly description: string;
  readonly notebook: string;
  readonly files: readonly ArchivedFile[];
  readonly runs: readonly ArchivedRun[];
  readonly license: string | undefined;
  readonly author: string | undefined;
  readonly version: string;
  readonly made: Date;
}

type Entity = Readonly<Record<string, unknown>>;

const ROLES: Readonly<Record<PartRole, string>> = {
  notebook: "The notebook",
  script: "The script",
  "class file": "Class file of a SEC node: its modules, parameters and limits as TypeScript",
  module: "Code that the notebook imports",
  lock: "Lock: what a SEC node said of itself",
  recording: "Recording of all messages between the notebook and its SEC nodes",
  run: "Documents of a run, in the event model of bluesky",
  description: "What a SEC node said of itself during a run",
  image: "Images that a detector wrote during a run",
  packages: "Packages and options of the workspace",
  file: "File of the workspace",
};

const FORMATS: readonly (readonly [ending: RegExp, format: string])[] = [
  [/\.ipynb$/, "application/x-ipynb+json"],
  [/\.json$/, "application/json"],
  [/\.jsonl$/, "application/x-ndjson"],
  [/\.gz$/, "application/gzip"],
  [/\.[cm]?tsx?$/, "application/typescript"],
  [/\.[cm]?jsx?$/, "text/javascript"],
  [/\.csv$/, "text/csv"],
  [/\.tiff?$/, "image/tiff"],
  [/\.jpe?g$/, "image/jpeg"],
  [/\.(h5|hdf5?|nxs)$/, "application/x-hdf5"],
  [/\.(rec|txt|md|db)$/, "text/plain"],
];

/** The JSON of `ro-crate-metadata.json`. */
export function crateMetadata(facts: CrateFacts): string {
  const { title, description, notebook, files, runs, author, version, made } = facts;
  const actions = runs.map((run, index) => runAction(run, index, notebook));
  const people = new Set([author, ...runs.map(({ user }) => user)].filter((name) => name !== undefined));
  const license = licenseOf(facts.license);
  const root: Entity = {
    "@id": "./",
    "@type": "Dataset",
    name: title,
    description,
    datePublished: moment(made),
    license: license.value,
    conformsTo: reference(PROFILE),
    mainEntity: reference(idOf(notebook)),
    hasPart: files.map(({ part }) => reference(idOf(part.name))),
    ...(author !== undefined && { author: reference(personId(author)) }),
    ...(actions.length > 0 && { mentions: actions.map((action) => reference(String(action["@id"]))) }),
  };
  const graph = [
    {
      "@id": CRATE_FILE,
      "@type": "CreativeWork",
      about: reference("./"),
      conformsTo: reference("https://w3id.org/ro/crate/1.1"),
    },
    root,
    ...files.map(fileEntity),
    ...actions,
    software(version),
    { "@id": PROFILE, "@type": ["CreativeWork", "Profile"], name: "Process Run Crate", version: "0.5" },
    ...[...people].map((name) => ({ "@id": personId(name), "@type": "Person", name })),
    ...license.entities,
  ];
  return `${JSON.stringify({ "@context": [CONTEXT, TERMS], "@graph": graph }, null, 1)}\n`;
}

/** A moment in the form that Process Run Crates ask for: with an offset, not `Z`. */
const moment = (date: Date): string => date.toISOString().replace("Z", "+00:00");

const reference = (id: string): Entity => ({ "@id": id });

/** A path in the archive as a relative reference. */
export const idOf = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

const personId = (name: string): string => `#${encodeURIComponent(name)}`;

function fileEntity({ part: { name, role }, bytes, sha256, modified, about }: ArchivedFile): Entity {
  const format = FORMATS.find(([ending]) => ending.test(name))?.[1];
  return {
    "@id": idOf(name),
    "@type": "File",
    name,
    description: about === undefined ? ROLES[role] : `${ROLES[role]}: ${about}`,
    ...(format !== undefined && { encodingFormat: format }),
    contentSize: String(bytes),
    sha256,
    dateModified: moment(modified),
  };
}

function runAction({ name, file, user, start, end, failed }: ArchivedRun, index: number, notebook: string): Entity {
  return {
    "@id": `#run-${index + 1}`,
    "@type": "CreateAction",
    name,
    description: `${name}, run by ${notebook}`,
    instrument: reference(SOFTWARE),
    object: reference(idOf(notebook)),
    result: reference(idOf(file)),
    startTime: moment(new Date(1000 * start)),
    ...(end !== undefined && { endTime: moment(new Date(1000 * end)) }),
    actionStatus: `http://schema.org/${failed ? "FailedActionStatus" : "CompletedActionStatus"}`,
    ...(failed && { error: "the run did not succeed" }),
    ...(user !== undefined && { agent: reference(personId(user)) }),
  };
}

function software(version: string): Entity {
  return {
    "@id": SOFTWARE,
    "@type": "SoftwareApplication",
    name: "secop-lab",
    description: "SECoP devices, bluesky-style scans and live plots in TypeScript notebooks",
    url: SOFTWARE,
    softwareVersion: version,
  };
}

/** An SPDX name or an address becomes an entity; a bundle without a license says so. */
function licenseOf(license: string | undefined): { readonly value: unknown; readonly entities: readonly Entity[] } {
  if (license === undefined) return { value: "No license is stated: ask its author before you use it.", entities: [] };
  const isAddress = /^https?:\/\//.test(license);
  if (!isAddress && !/^[A-Za-z0-9][\w.+-]*$/.test(license)) return { value: license, entities: [] };
  const id = isAddress ? license : `https://spdx.org/licenses/${license}`;
  const entity = { "@id": id, "@type": "CreativeWork", name: license, description: `The license ${license}`, url: id };
  return { value: reference(id), entities: [entity] };
}
