/** Where a run comes from: code, versions, parameters and nodes, for its start document. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { basename, dirname, resolve } from "node:path";
import { realClock } from "../../clock";
import { dataSources } from "../../core/protocols/dataSources";
import type { SyncOrAsync } from "../../core/protocols/protocols";
import { type CodeOrigin, currentHost } from "../../display/host";
import { UsageError } from "../../errors";
import { isReplaying } from "../../journal";
import { checkOptions } from "../../options";
import type { Metadata } from "../engineSettings";
import { askGit, below, type Repository } from "./gitState";
import { loadedVersions } from "./versions";

/** What the start document says about who measured with which code. */
export interface ProvenanceOptions {
  /**
   * Whether the code of the cell itself is recorded beside its hash, up to 4096 characters. Default false.
   */
  readonly code?: boolean;
  /** The name of the person who measures; true for that of the account. Default: none is recorded. */
  readonly user?: string | boolean;
}

/** Seconds that a run waits for git and for the file of the notebook. */
const LIMIT = 0.5;
/**
 * The same in a replay, in which no hardware waits: the documents must not depend on how busy the computer
 * is.
 */
const REPLAY_LIMIT = 10;
/** Characters of code that are recorded, at most. */
const MOST_CODE = 4096;
/** Seconds after which a script asks git again. */
const SCRIPT_SECONDS = 30;
/** How deep the values of parameters are recorded. */
const MOST_DEPTH = 10;
/** Names of parameters whose values are not recorded. */
const SECRET = /passw|secret|token|api_?key|credential/i;

/** The files of the code, and its repository. */
interface CodeFiles {
  readonly repository: Repository | undefined;
  /** The hash of the notebook, or of the script. */
  readonly sha256: string | undefined;
}

/**
 * A source for the setting `provenance` of an engine, which `createRunEngine` uses: start documents then have
 * `provenance` with the notebook or script, cell, hash of its code, git commit, parameters, nodes and seeds,
 * and all versions in `versions`.
 *
 * Git is asked once for each cell, in a process of its own; a run waits half a second for it, at most.
 *
 * @example
 * const RE = createRunEngine({ provenance: provenance({ user: "Ada Lovelace", code: true }) })
 * @throws UsageError for an option that does not exist.
 */
export function provenance(options: ProvenanceOptions = {}): (md: Metadata) => SyncOrAsync<Metadata> {
  checkOptions("provenance", options, { code: true, user: true });
  const { code = false, user = false } = options;
  if (typeof code !== "boolean") throw new UsageError("provenance takes {code: true} to record the code of cells");
  const files = new AskedFiles();
  return (md) => {
    const origin = currentHost().codeOrigin?.();
    const found = files.of(origin);
    const metadata = (known: CodeFiles | undefined) => originMetadata(md, origin, known, { code, user });
    return "then" in found ? found.then(metadata) : metadata(found);
  };
}

/** Asks for the files of the code once for each cell, and once in a while for a script. */
class AskedFiles {
  #key = "";
  #asked: CodeFiles | Promise<CodeFiles | undefined> = { repository: undefined, sha256: undefined };
  /** The last answer, which serves while a slow one is under way. */
  #last: CodeFiles | undefined;

  of(origin: CodeOrigin | undefined): CodeFiles | Promise<CodeFiles | undefined> {
    const file = origin ? origin.notebook : scriptFile();
    const moment = origin ? origin.executionCount : Math.floor(realClock.monotonic() / SCRIPT_SECONDS);
    const key = `${moment} ${file ?? ""}`;
    if (key === this.#key) return this.#asked;
    this.#key = key;
    const asked = askFiles(file).then((found) => {
      this.#last = found;
      if (this.#key === key) this.#asked = found;
      return found;
    });
    this.#asked = settledWithin(asked, isReplaying() ? REPLAY_LIMIT : LIMIT).then(() => this.#last);
    return this.#asked;
  }
}

/** Resolves when the work is done, and after some seconds of real time: git does not run on recorded time. */
async function settledWithin(work: Promise<unknown>, seconds: number): Promise<void> {
  const late = new Promise<void>((resolve) => {
    const timer = realClock.timer(seconds, resolve);
    void work.finally(() => timer.cancel());
  });
  await Promise.race([work, late]);
}

async function askFiles(file: string | undefined): Promise<CodeFiles> {
  const [repository, content] = await Promise.all([
    askGit(file === undefined ? "." : dirname(file)),
    file === undefined ? undefined : readFile(file).catch(() => undefined),
  ]);
  return { repository, sha256: content && sha256(content) };
}

/** The working folder; "/" for one that was deleted. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return "/";
  }
}

/** The name of the account; "" for one without a name, as in containers that run under any number. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? process.env.LOGNAME ?? "";
  }
}

/** The file that Node was started with; undefined for code of the command line. */
function scriptFile(): string | undefined {
  const [, script] = process.argv;
  return script === undefined || script.startsWith("-") ? undefined : resolve(script);
}

function originMetadata(
  md: Metadata,
  origin: CodeOrigin | undefined,
  files: CodeFiles | undefined,
  { code, user }: Required<ProvenanceOptions>,
): Metadata {
  const sources = dataSources();
  const nodes = sources.filter(({ kind }) => kind === "sec_node").map(({ name, facts }) => [keyOf(name), facts]);
  const person = user === true ? accountName() : user;
  const found = {
    ...fileMetadata(origin, files),
    code: origin && {
      sha256: sha256(origin.code),
      ...(code && origin.code.length <= MOST_CODE && { text: origin.code }),
    },
    git: files?.repository?.state,
    parameters: parametersOf(origin),
    seed: seedsOf(md, sources),
    sec_nodes: nodes.length > 0 ? Object.fromEntries(nodes) : undefined,
  };
  return {
    versions: { ...(md.versions as object | undefined), ...loadedVersions(), ...origin?.versions },
    provenance: Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)),
    ...(person !== false && person !== "" && md.user === undefined && { user: person }),
  };
}

/**
 * The notebook or the script. Its path names no folder of the person: it begins at the root of the
 * repository.
 */
function fileMetadata(origin: CodeOrigin | undefined, files: CodeFiles | undefined): Metadata {
  const file = origin ? origin.notebook : scriptFile();
  const path =
    file && (files?.repository?.pathOf(file) ?? below(workingFolder(), file) ?? basename(file.replaceAll("\\", "/")));
  const described = {
    ...(path !== undefined && { path }),
    ...(files?.sha256 !== undefined && { sha256: files.sha256 }),
  };
  if (!origin || (path !== undefined && !path.endsWith(".ipynb")))
    return path === undefined ? {} : { script: described };
  const { cellId, executionCount } = origin;
  const cell = { ...(cellId !== undefined && { cell_id: cellId }), execution_count: executionCount };
  return { notebook: { ...described, ...cell } };
}

function parametersOf(origin: CodeOrigin | undefined): Metadata | undefined {
  const known = Object.entries(origin?.parameters ?? {})
    .filter(([name]) => !SECRET.test(name))
    .map(([name, value]) => [keyOf(name), plainValue(value)])
    .filter(([, value]) => value !== undefined);
  return known.length > 0 ? Object.fromEntries(known) : undefined;
}

/** A value of JSON with keys that event-model allows; undefined for devices, functions and other objects. */
function plainValue(value: unknown, depth = 0): unknown {
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean" || value === null)
    return value;
  if (typeof value !== "object" || depth > MOST_DEPTH) return undefined;
  if (Array.isArray(value)) return value.map((item) => plainValue(item, depth + 1) ?? null);
  const prototype: unknown = Object.getPrototypeOf(value);
  // By the prototype's prototype, since cells may have an `Object` of their own.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return undefined;
  const members = Object.entries(value).map(([key, item]) => [keyOf(key), plainValue(item, depth + 1)] as const);
  return Object.fromEntries(members.filter(([, item]) => item !== undefined));
}

/** The seeds of the simulated devices that the run names; of all if it names none. */
function seedsOf(md: Metadata, sources: ReturnType<typeof dataSources>): Metadata | undefined {
  const named = [md.detectors, md.motors].flat().map((item) => (item as { name?: unknown } | null)?.name ?? item);
  const names = new Set(named.filter((name) => typeof name === "string"));
  const used = sources.filter(({ kind, name }) => kind === "simulation" && (names.size === 0 || names.has(name)));
  if (used.length === 0) return undefined;
  return Object.fromEntries(used.map(({ name, facts }) => [keyOf(name), facts.seed]));
}

/** A name as event-model allows it as a key. */
const keyOf = (name: string): string => name.replace(/[./]/g, "_") || "_";

const sha256 = (content: string | Buffer): string => createHash("sha256").update(content).digest("hex");
