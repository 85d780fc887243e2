/** A small web server for the page that follows an experiment. */

// It answers GET and HEAD only, and accepts no data.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { errorText, UsageError } from "../../lib/errors";
import type { WatchedChange, WatchedOutput } from "./watchedRuns";
import { WATCH_POLICY, watchPage } from "./watchPage";

export interface WatchServerOptions {
  /** The address that is followed, for the heading. */
  readonly uri: string;
  readonly host: string;
  readonly port: number;
  /** The outputs that a page shows when it is opened. */
  readonly outputs: () => readonly WatchedOutput[];
}

/** Milliseconds between two signs of life, so that a connection through a proxy stays open. */
const BEAT_MS = 15_000;
/** Bytes that may wait for a slow browser; with more it is disconnected, and begins anew. */
const MOST_WAITING = 1 << 24;
const LOOPBACK: readonly string[] = ["localhost", "127.0.0.1", "[::1]", "::1"];

/** Serves the page and sends its changes to all browsers that show it. */
export class WatchServer {
  readonly #options: WatchServerOptions;
  readonly #server: Server;
  readonly #browsers = new Set<ServerResponse>();
  readonly #beat: NodeJS.Timeout;

  private constructor(options: WatchServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#beat = setInterval(() => this.#sendAll(": still here\n\n"), BEAT_MS).unref();
  }

  /** @throws UsageError if the port is taken, or the address is not one of this machine. */
  static async start(options: WatchServerOptions): Promise<WatchServer> {
    const { host, port } = options;
    const made = new WatchServer(options);
    try {
      await new Promise<void>((resolve, reject) => {
        made.#server.once("error", reject).listen(port, host, resolve);
      });
    } catch (error) {
      clearInterval(made.#beat);
      throw new UsageError(`cannot show the page at ${host}:${port}: ${errorText(error)}; give another --port`, {
        cause: error,
      });
    }
    return made;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    const { host } = this.#options;
    return `http://${host.includes(":") ? `[${host}]` : host}:${port}/`;
  }

  send(change: WatchedChange): void {
    this.#sendAll(eventOf(change));
  }

  async close(): Promise<void> {
    clearInterval(this.#beat);
    for (const browser of this.#browsers) browser.end();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #sendAll(text: string): void {
    for (const browser of this.#browsers) {
      browser.write(text);
      if (browser.writableLength > MOST_WAITING) browser.destroy();
    }
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method, url = "/" } = request;
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("content-security-policy", WATCH_POLICY);
    response.setHeader("referrer-policy", "no-referrer");
    response.setHeader("cache-control", "no-store");
    const [path] = url.split("?");
    if (!this.#isOwnName(request.headers.host)) refuse(response, 403, "this name is not that of the page");
    else if (method !== "GET" && method !== "HEAD") refuse(response, 405, "the page is read-only");
    else if (path === "/") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(method === "HEAD" ? undefined : watchPage(this.#options.uri));
    } else if (path === "/events" && method === "GET") this.#open(response);
    else refuse(response, 404, "there is only one page");
  }

  #open(response: ServerResponse): void {
    response.setHeader("content-type", "text/event-stream");
    response.write("retry: 1000\nevent: begin\ndata: {}\n\n");
    for (const output of this.#options.outputs()) response.write(eventOf(output));
    this.#browsers.add(response);
    response.on("close", () => this.#browsers.delete(response));
  }

  /** A page of somebody else may have a name that leads to this machine: it must not read the experiment. */
  #isOwnName(host: string | undefined): boolean {
    if (!LOOPBACK.includes(this.#options.host)) return true;
    return LOOPBACK.includes((host ?? "").replace(/:\d+$/, ""));
  }
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { "content-type": "text/plain", ...(status === 405 && { allow: "GET, HEAD" }) });
  response.end(`${why}\n`);
}

const eventOf = (change: WatchedChange): string => `data: ${JSON.stringify(change)}\n\n`;
