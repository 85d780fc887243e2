/**
 * The only use of TypeScript 7's unstable API, which shares the process of the language server: types of
 * names as text, and what a name means.
 */

// Each answer has a fallback, so that a compiler without this API is a compiler with fewer answers.

import net from "node:net";
import { JsonRpc } from "./jsonRpc";
import type { LanguageServer } from "./languageServer";

interface ApiSymbol {
  readonly id: number;
  readonly name: string;
  readonly flags: number;
  /** `5.264./path/of/file.ts` */
  readonly declarations?: readonly string[];
}

export interface NameMeaning {
  readonly name: string;
  readonly isValue: boolean;
  /** TypeScript's word for the kind of the name, if it is known: "class", "function" ... */
  readonly element: string | undefined;
}

interface Snapshot {
  ask<T>(method: string, params: object): Promise<T>;
}

const ALIAS = 2097152;
const VALUE = 111551;
/** NoTruncation and UseFullyQualifiedType. */
const TYPE_FORMAT = 1 | 64;
const ELEMENTS: readonly (readonly [number, string])[] = [
  [32, "class"],
  [384, "enum"],
  [16, "function"],
  [64, "interface"],
  [524288, "type"],
  [1536, "module"],
];

export class CheckerApi {
  readonly #server: LanguageServer;
  readonly #config: string;
  #session: { readonly pid: number | undefined; readonly rpc: Promise<JsonRpc> } | undefined;
  #socket: net.Socket | undefined;
  #questions = 0;

  /** @param config The path of the configuration whose project is asked. */
  constructor(server: LanguageServer, config: string) {
    this.#server = server;
    this.#config = config;
  }

  /**
   * The types of the names at `positions`, as text that means the same in any file. Ask right after an answer
   * about `file`: the snapshot is that of the last answer.
   */
  typeTexts(file: string, positions: readonly number[]): Promise<readonly (string | undefined)[]> {
    const unknown = positions.map(() => undefined);
    if (positions.length === 0) return Promise.resolve([]);
    return this.#within(unknown, async ({ ask }) => {
      const symbols = await ask<(ApiSymbol | null)[]>("getSymbolsAtPositions", { file, positions });
      const known = symbols.flatMap((symbol) => (symbol ? [symbol.id] : []));
      const types = await ask<({ id: number } | null)[]>("getTypesOfSymbols", { symbols: known });
      const texts = await Promise.all(
        types.map((type) => (type ? ask<string>("typeToString", { type: type.id, flags: TYPE_FORMAT }) : undefined)),
      );
      return symbols.map((symbol) => (symbol ? texts[known.indexOf(symbol.id)] : undefined));
    });
  }

  /** The meanings of the names at `positions`; undefined for an unknown one. */
  meanings(file: string, positions: readonly number[]): Promise<readonly (NameMeaning | undefined)[]> {
    if (positions.length === 0) return Promise.resolve([]);
    return this.#within(
      positions.map(() => undefined),
      async (snapshot) => {
        const symbols = await snapshot.ask<(ApiSymbol | null)[]>("getSymbolsAtPositions", { file, positions });
        return Promise.all(symbols.map((symbol) => (symbol ? meaningOf(snapshot, symbol) : undefined)));
      },
    );
  }

  /** The exports of the module that is imported as a whole at `position`. */
  exportsAt(file: string, position: number): Promise<readonly NameMeaning[]> {
    return this.#within([], async (snapshot) => {
      const [alias] = await snapshot.ask<(ApiSymbol | null)[]>("getSymbolsAtPositions", {
        file,
        positions: [position],
      });
      if (!alias) return [];
      const module = await snapshot.ask<ApiSymbol>("getAliasedSymbol", { symbol: alias.id });
      const exported = await snapshot.ask<ApiSymbol[] | null>("getExportsOfModule", { symbol: module.id });
      return Promise.all((exported ?? []).map((symbol) => meaningOf(snapshot, symbol)));
    });
  }

  /**
   * The members of the expression that ends at `position`, as far as they are declared in sources, and not in
   * declaration files.
   */
  ownMembers(file: string, position: number): Promise<ReadonlySet<string>> {
    return this.#within(new Set<string>(), async ({ ask }) => {
      const type = await ask<{ id: number } | null>("getTypeAtPosition", { file, position });
      const properties = type ? await ask<ApiSymbol[] | null>("getPropertiesOfType", { type: type.id }) : null;
      const isOwn = ({ declarations = [] }: ApiSymbol): boolean =>
        declarations.some((declaration) => !/\.d\.[mc]?ts$/.test(declaration));
      return new Set((properties ?? []).filter(isOwn).map(({ name }) => name));
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  async #within<T>(otherwise: T, ask: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    this.#keepAlive(1);
    try {
      return await this.#server.inTime(this.#ask(ask));
    } catch {
      return otherwise;
    } finally {
      this.#keepAlive(-1);
    }
  }

  async #ask<T>(ask: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    const rpc = await this.#connected();
    const { snapshot, projects } = await rpc.request<{
      snapshot: string;
      projects: { id: string; configFileName: string }[];
    }>("updateSnapshot", {});
    const project = projects.find(({ configFileName }) => configFileName === this.#config)?.id;
    const answer = await ask({
      ask: (method, params) => rpc.request(method, { snapshot, project, ...params }),
    });
    rpc.request("release", { snapshot }).catch(() => {});
    return answer;
  }

  /** An open question keeps this process alive, an idle session does not. */
  #keepAlive(questions: 1 | -1): void {
    this.#questions += questions;
    if (this.#questions > 0) this.#socket?.ref();
    else this.#socket?.unref();
  }

  /** The session ends with the process it belongs to. */
  async #connected(): Promise<JsonRpc> {
    const { pid } = this.#server;
    if (this.#session === undefined || this.#session.pid !== pid) this.#session = { pid, rpc: this.#connect() };
    return this.#session.rpc;
  }

  async #connect(): Promise<JsonRpc> {
    const { pipe } = await this.#server.request<{ pipe: string }>("custom/initializeAPISession", {});
    this.#socket?.destroy();
    const socket = net.connect(pipe);
    this.#socket = socket;
    const rpc = new JsonRpc(socket, socket);
    const ended = (): void => rpc.fail(new Error("the session with the compiler ended"));
    socket.on("error", ended).on("close", ended);
    await rpc.request("initialize", null);
    return rpc;
  }
}

async function meaningOf({ ask }: Snapshot, symbol: ApiSymbol): Promise<NameMeaning> {
  const { flags } = symbol.flags & ALIAS ? await ask<ApiSymbol>("getAliasedSymbol", { symbol: symbol.id }) : symbol;
  const element = ELEMENTS.find(([flag]) => flags & flag)?.[1];
  return { name: symbol.name, isValue: (flags & VALUE) !== 0, element };
}
