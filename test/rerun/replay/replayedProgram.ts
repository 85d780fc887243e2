/** Measures from a recording, with fewer points than were recorded: prints what the session printed. */

import { startReplay } from "../../../lib/rerun";
import { measureCryostat } from "../measurement";

const [path = "", uri = ""] = process.argv.slice(2);

async function main(): Promise<void> {
  startReplay(path);
  const { printed } = await measureCryostat(uri, [24, 24]);
  console.log(JSON.stringify(printed));
}

void main();
