/**
 * Records a node and reads it again and again, until it is killed, or as often as it is asked to: prints how
 * often it was answered.
 */

import { writeSync } from "node:fs";
import { startRecording } from "../../../lib/rerun";
import { SecopClient } from "../../../lib/secop/client";

const [uri = "", path = "", times] = process.argv.slice(2);

async function main(): Promise<void> {
  startRecording(path);
  const client = new SecopClient(uri);
  await client.connect();
  for (let count = 1; ; count += 1) {
    await client.read("cryo", "value");
    writeSync(1, `${count}\n`);
    if (`${count}` === times) process.exit(0);
  }
}

void main();
