/** The runs on a Tiled server: the same questions as to a folder, answered by promises. */

import { UsageError } from "../../errors";
import { RunList } from "../search/runList";
import { findRuns, type RunQuery } from "../search/runQuery";
import { failureText, TiledClient, type TiledNode, type TiledStore } from "./tiledClient";
import { TiledError } from "./tiledError";
import { TiledRun } from "./tiledRun";

/** The number of runs that are asked for at a time. */
const PAGE = 100;

/** The runs on a Tiled server, newest first. */
export class TiledRuns {
  /** The address of the server. */
  readonly uri: string;
  readonly #client: TiledClient;

  constructor(store: TiledStore) {
    this.#client = new TiledClient(store);
    this.uri = store.uri;
  }

  /** The number of runs. */
  async length(): Promise<number> {
    const { meta } = await this.#ask(`/search/${this.#client.pathOf()}?page[limit]=0`);
    return Number((meta as { count?: unknown } | undefined)?.count ?? 0);
  }

  /** The runs that fit; see `Runs.find`. Plan and values of the start document are searched on the server. */
  async find(query: RunQuery = {}): Promise<RunList<TiledRun>> {
    const { limit = Number.POSITIVE_INFINITY, offset = 0, sort = "newest" } = query;
    // A wrong query fails before the server is asked.
    findRuns([], query);
    const enough = sort === "newest" ? offset + limit : Number.POSITIVE_INFINITY;
    const found: TiledRun[] = [];
    for await (const run of this.#pages(query)) {
      const [fitting] = findRuns([run], { ...query, limit: 1, offset: 0, sort: "newest" });
      if (fitting) found.push(fitting);
      if (found.length >= enough) break;
    }
    return RunList.found(
      findRuns(found, { limit, offset, sort }),
      (which) => `await (await ${this.#client.opener}.get(${which})).table()`,
    );
  }

  /** The newest `limit` runs, newest first. Default: all. */
  list(limit = Number.POSITIVE_INFINITY): Promise<RunList<TiledRun>> {
    return this.find({ limit });
  }

  /** The newest run. Rejects if there is none. */
  async latest(): Promise<TiledRun> {
    const [run] = await this.find({ limit: 1 });
    if (!run) throw new UsageError(`there are no runs at ${this.uri}`);
    return run;
  }

  /** A run by scan_id, place from the end (-1 is the newest), uid or the beginning of its uid. */
  async get(which: number | string): Promise<TiledRun> {
    if (typeof which === "string" && which.length === 36) {
      const node = await this.#client.find(this.#client.pathOf(which));
      if (node) return new TiledRun(this.#client, node);
    }
    const query: RunQuery =
      typeof which === "string" ? { uid: which } : which < 0 ? { offset: -which - 1 } : { scan_id: which };
    const [run] = await this.find({ ...query, limit: 1 });
    if (run) return run;
    const words = typeof which === "number" && which >= 0 ? `#${which}` : String(which);
    throw new UsageError(`no run ${words} at ${this.uri}`);
  }

  /** The runs newest first, with the conditions that the server can check. */
  async *#pages(query: RunQuery): AsyncGenerator<TiledRun, void> {
    const filters = Object.entries(query).flatMap(([key, value]) => {
      if (["since", "until", "sample", "uid", "text", "status", "limit", "offset", "sort"].includes(key)) return [];
      if (typeof value !== "string" && typeof value !== "number") return [];
      const name = key === "plan" ? "plan_name" : key;
      // A list that contains the value fits as well: only keys that are never lists are asked for.
      if (!["plan_name", "scan_id", "plan_type"].includes(name)) return [];
      const condition = `filter[eq][condition][key]=${encodeURIComponent(`start.${name}`)}`;
      return [`${condition}&filter[eq][condition][value]=${encodeURIComponent(JSON.stringify(value))}`];
    });
    const conditions = filters.slice(0, 1).map((filter) => `&${filter}`);
    for (let offset = 0; ; offset += PAGE) {
      const page = `page[offset]=${offset}&page[limit]=${PAGE}`;
      const reply = await this.#ask(
        `/search/${this.#client.pathOf()}?sort=-metadata.start.time&${page}${conditions.join("")}`,
      );
      const nodes = (reply.data ?? []) as TiledNode[];
      for (const node of nodes) if (node.attributes.metadata.start) yield new TiledRun(this.#client, node);
      if (nodes.length < PAGE) return;
    }
  }

  async #ask(path: string): Promise<Record<string, unknown>> {
    try {
      return await this.#client.json("GET", path);
    } catch (error) {
      // The catalogue is made with the first run.
      if (error instanceof TiledError && error.status === 404) return {};
      if (error instanceof TiledError) throw error;
      throw new Error(`cannot read the runs of Tiled at ${this.uri}: ${failureText(error)}`, { cause: error });
    }
  }
}
