/** The progress line of a movement that a cell awaits without a plan. */

import { randomUUID } from "node:crypto";
import { displayBundle } from "../../display/displayBundle";
import { currentHost } from "../../display/host";
import { progressBar, progressText } from "../../display/progressBar";
import { MoveLines } from "./moveLines";
import { MovingDevices, type WatchedStatus } from "./movingDevices";

/** Milliseconds between two frames. */
const FRAME_MS = 200;

/** Shows a line in the current cell that follows the movement, once the movement has lasted a moment. */
export function showAwaitedMove(status: WatchedStatus & { addCallback(fn: () => void): void }): void {
  const host = currentHost();
  const id = randomUUID();
  const lines = new MoveLines();
  let shown = false;
  let timer: NodeJS.Timeout | undefined;
  const moving = new MovingDevices(() => {
    timer ??= setTimeout(draw, shown ? FRAME_MS : 0).unref();
  });
  const draw = host.bind(() => {
    timer = undefined;
    const bars = moving.bars(false);
    if (bars.length === 0) return;
    if (!host.rich) {
      const fresh = lines.fresh(bars);
      if (fresh) host.display({ "text/plain": fresh.join("\n") });
      return;
    }
    host.display(
      displayBundle((status.done ? bars.map(progressText) : lines.newest(bars)).join("\n"), ...bars.map(progressBar)),
      { id, update: shown },
    );
    shown = true;
  });
  moving.waiting([status]);
  const end = () => {
    clearTimeout(timer);
    moving.clear();
  };
  // The error of an interrupted cell says that the movement goes on, so its line is not drawn any more.
  const signal = host.currentSignal();
  signal?.addEventListener("abort", end, { once: true });
  status.addCallback(() => {
    draw();
    end();
    signal?.removeEventListener("abort", end);
  });
}
