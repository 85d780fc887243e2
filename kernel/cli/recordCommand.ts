/** `secop-lab record`: records what clients of any kind say to a SEC node, as a proxy. */

import { startRecordingProxy } from "../../lib/index";
import { portOf } from "./numericOptions";

export interface RecordCommandOptions {
  readonly port: string;
  readonly redact?: string;
}

/** Starts the proxy and prints how to connect to it. Ctrl-C ends the recording. */
export async function recordCommand(uri: string, file: string, options: RecordCommandOptions): Promise<void> {
  const redact = options.redact?.split(",") ?? [];
  const proxy = await startRecordingProxy(uri, file, { port: portOf(options.port), redact });
  console.log(`clients of ${uri} connect to ${proxy.uri}, and ${file} records what is said (Ctrl-C ends it)`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void proxy.close().then(() => process.exit(0)));
  }
}
