/** `secop-lab watch`: follows an experiment from a terminal or a browser, read-only. */

import { registerReadOnlyTerminal } from "../../lib/display/host";
import { BestEffortCallback, follow } from "../../lib/index";
import { publicAddress } from "../../lib/publicAddress";
import { CatchUp, WatchedRuns, WatchServer } from "../watch/index";
import { portOf } from "./numericOptions";

export interface WatchCommandOptions {
  /** Whether a page is served instead of printing to the terminal. */
  readonly browser?: boolean;
  readonly host: string;
  readonly port: string;
}

/** Shows the newest run from its beginning and all later ones as they grow, until Ctrl-C. */
export async function watchCommand(uri: string, options: WatchCommandOptions): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
  if (options.browser) await watchInBrowser(uri, options, stop.signal);
  else {
    console.log(`following ${publicAddress(uri)} (Ctrl-C ends it)`);
    registerReadOnlyTerminal();
    const views = new BestEffortCallback();
    const catchUp = new CatchUp(({ name, doc }) => views(name, doc));
    await follow(uri, catchUp.receive, stop.signal).finally(() => catchUp.close());
  }
}

async function watchInBrowser(uri: string, { host, port }: WatchCommandOptions, signal: AbortSignal): Promise<void> {
  const number = portOf(port);
  const runs: WatchedRuns = new WatchedRuns((change) => server.send(change));
  const server: WatchServer = await WatchServer.start({
    uri: publicAddress(uri),
    host,
    port: number,
    outputs: () => runs.outputs(),
  });
  const catchUp = new CatchUp((document) => runs.receive(document));
  console.log(`following ${publicAddress(uri)} at ${server.url} (Ctrl-C ends it)`);
  try {
    await follow(uri, catchUp.receive, signal);
  } finally {
    catchUp.close();
    await server.close();
  }
}
