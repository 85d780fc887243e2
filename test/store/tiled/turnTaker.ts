/** Takes the turn of a folder twenty times, and writes into a log when each begins and ends. */

import { appendFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { SendingTurn } from "../../../lib/store/tiled/sendingTurn";

async function main([dir = "", log = ""]: readonly string[]): Promise<void> {
  const turn = new SendingTurn(dir);
  // To wait for a turn keeps no process alive.
  const alive = setInterval(() => {}, 1000);
  for (let i = 0; i < 20; i += 1)
    await turn.take(async () => {
      appendFileSync(log, `${process.pid} begins\n`);
      await setImmediate();
      appendFileSync(log, `${process.pid} ends\n`);
    });
  clearInterval(alive);
}

void main(process.argv.slice(2));
