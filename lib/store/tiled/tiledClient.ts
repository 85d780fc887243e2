/** Requests to a Tiled server. */

import { UsageError } from "../../errors";
import { checkOptions } from "../../options";
import { publicServer } from "../../publicAddress";
import { repeated } from "./repeated";
import type { ArrayType } from "./tiledArray";
import { TiledError } from "./tiledError";

/** A Tiled server and the catalogue for runs on it; see `tiled`. */
export interface TiledStore {
  readonly kind: "tiled";
  /** The address of the server, without a key. */
  readonly uri: string;
  readonly options: TiledOptions;
}

/** Options of a Tiled server. */
export interface TiledOptions {
  /** The container of the runs, in which Python finds `catalog[-1]` and `catalog[scan_id]`; default "raw". */
  readonly catalog?: string;
  /** The name of the environment variable with the API key; default "TILED_API_KEY". */
  readonly apiKeyVariable?: string;
  /** Seconds that a request may take; default 10. */
  readonly timeout?: number;
}

/**
 * A Tiled server, as a place for runs:
 * `createRunEngine({ store: ["runs", tiled("http://tiled.lab:8000")] })`, and `openRuns(tiled(uri))`. The API
 * key is taken from the environment variable `TILED_API_KEY`.
 *
 * @throws UsageError for an address with a key in it, which would end up in files and logs.
 */
export function tiled(uri: string, options: TiledOptions = {}): TiledStore {
  checkOptions("tiled", options, { catalog: true, apiKeyVariable: true, timeout: true });
  const shown = publicServer(uri);
  let url: URL;
  try {
    url = new URL(uri);
  } catch {
    throw new UsageError(`${JSON.stringify(shown)} is not an address: write tiled("http://HOST:8000")`);
  }
  if (!/^https?:$/.test(url.protocol))
    throw new UsageError(`a Tiled server has an address of http or https, not ${shown}`);
  if (url.searchParams.has("api_key") || url.username !== "" || url.password !== "")
    throw new UsageError("put the API key into the environment variable TILED_API_KEY, not into the address");
  return { kind: "tiled", uri: `${url.origin}${url.pathname.replace(/\/(api\/v1\/?)?$/, "")}`, options };
}

const REASONS: Readonly<Record<number, string>> = {
  401: "the API key is missing or wrong: set the environment variable TILED_API_KEY before the kernel starts",
  403: "the API key does not allow it",
  404: "there is no such entry",
  409: "the entry exists already",
  500: "the server failed, and its log says why (with DuckDB it fails at requests at the same time, with PostgreSQL it takes those of many)",
};

/** Entries of a page. */
const PAGE = 100;

/** Makes requests, one after the other or not, with a time limit each. */
export class TiledClient {
  readonly uri: string;
  readonly catalog: string;
  readonly #key: string | undefined;
  readonly #timeoutMs: number;

  constructor({ uri, options }: TiledStore) {
    this.uri = uri;
    this.catalog = options.catalog ?? "raw";
    this.#key = process.env[options.apiKeyVariable ?? "TILED_API_KEY"];
    this.#timeoutMs = 1000 * (options.timeout ?? 10);
  }

  /** Code that opens the runs of this server, for the lines to type that displays show. */
  get opener(): string {
    const chosen = this.catalog === "raw" ? "" : `, { catalog: ${JSON.stringify(this.catalog)} }`;
    return `openRuns(tiled(${JSON.stringify(this.uri)}${chosen}))`;
  }

  /** The path of a run, or of something in it. */
  pathOf(...parts: readonly string[]): string {
    return [this.catalog, ...parts].filter(Boolean).map(encodeURIComponent).join("/");
  }

  async json(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const reply = await this.send(
      method,
      path,
      body === undefined ? undefined : JSON.stringify(body),
      "application/json",
    );
    const text = Buffer.from(reply).toString("utf8");
    return (text === "" ? {} : (JSON.parse(text) ?? {})) as Record<string, unknown>;
  }

  /**
   * Makes a request; reading is repeated on a server that fails for some time.
   * @throws TiledError if the server refuses, an Error of `fetch` if it does not answer.
   */
  send(
    method: string,
    path: string,
    body: string | Uint8Array | undefined,
    type: string,
    accept = "application/json",
  ): Promise<ArrayBuffer> {
    const request = () => this.#sendOnce(method, path, body, type, accept);
    return method === "GET" ? repeated(request) : request();
  }

  async #sendOnce(
    method: string,
    path: string,
    body: string | Uint8Array | undefined,
    type: string,
    accept: string,
  ): Promise<ArrayBuffer> {
    const reply = await fetch(`${this.uri}/api/v1${path}`, {
      method,
      signal: AbortSignal.timeout(this.#timeoutMs),
      headers: {
        accept,
        ...(this.#key !== undefined && { authorization: `Apikey ${this.#key}` }),
        ...(body !== undefined && { "content-type": type }),
      },
      ...(body !== undefined && { body }),
    });
    if (reply.ok) return reply.arrayBuffer();
    const text = (await reply.text()).slice(0, 300);
    const reason = REASONS[reply.status] ?? text;
    throw new TiledError(`Tiled at ${this.uri}: ${method} ${path}: ${reply.status}, ${reason}`, reply.status);
  }

  /** A child of a container, with its metadata; undefined if it does not exist. */
  async find(path: string): Promise<TiledNode | undefined> {
    try {
      return (await this.json("GET", `/metadata/${path}`)).data as TiledNode;
    } catch (error) {
      if (error instanceof TiledError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** The entries in a container, page by page. */
  async children(path: string): Promise<TiledNode[]> {
    const found: TiledNode[] = [];
    while (true) {
      const query = `page[offset]=${found.length}&page[limit]=${PAGE}`;
      const page = (await this.json("GET", `/search/${path}?${query}`)).data as TiledNode[];
      found.push(...page);
      if (page.length < PAGE) return found;
    }
  }

  /** Makes an entry below `parent`, also on a server that fails at it for some time. */
  create(parent: string, entry: object): Promise<unknown> {
    return repeated(async (attempt) => {
      try {
        return await this.json("POST", `/metadata/${parent}`, { data_sources: [], access_tags: null, ...entry });
      } catch (error) {
        // An attempt that failed may have made it all the same.
        if (attempt > 1 && error instanceof TiledError && error.status === 409) return undefined;
        throw error;
      }
    });
  }

  /**
   * Makes an array of files that the server is to read. Not repeated: a server that may not read them fails
   * as one that is busy does.
   * @returns the number that the server gave to the files
   */
  async register(parent: string, id: string, source: object): Promise<number> {
    const entry = { id, structure_family: "array", metadata: {}, specs: [], access_tags: null };
    const made = await this.json("POST", `/register/${parent}`, { ...entry, data_sources: [source] });
    return Number((made.data_sources as { id: number }[])[0]?.id);
  }

  /** Replaces what the server knows of the files of an array. @param patch which part of it is new */
  extend(path: string, source: object, patch: string): Promise<unknown> {
    return repeated(() => this.json("PUT", `/data_source/${path}?${patch}`, { data_source: source }));
  }

  /** Deletes an entry with all that is in it, or finds that it is gone. */
  remove(path: string): Promise<unknown> {
    return repeated(async () => {
      try {
        return await this.json("DELETE", `/metadata/${path}?recursive=true&external_only=false`);
      } catch (error) {
        if (error instanceof TiledError && error.status === 404) return undefined;
        throw error;
      }
    });
  }
}

/** An entry as the server describes it. */
export interface TiledNode {
  readonly id: string;
  readonly attributes: {
    readonly metadata: Readonly<Record<string, unknown>>;
    readonly structure_family: string;
    readonly structure?: {
      readonly shape?: number[];
      readonly data_type?: ArrayType;
    };
  };
}

/** Why a request failed, in a few words. */
export function failureText(error: unknown): string {
  if (error instanceof TiledError) return error.message;
  const { name, message, cause } = error as Error;
  if (name === "TimeoutError") return "it did not answer in time";
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code === undefined ? message : `it cannot be reached (${code})`;
}
