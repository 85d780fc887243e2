/** Draws something that changes quickly a few times a second. */

import { randomUUID } from "node:crypto";
import { currentHost } from "../../display/host";
import type { MimeBundle } from "../../display/mimeBundle";
import { reportError } from "../../log";

/** The shortest time between two frames, in milliseconds. */
const FRAME_MS = 200;
/** Changes within this time, in milliseconds, are drawn together, even if nothing was drawn for long. */
const GATHER_MS = 25;
/** The largest part of the time that drawing may take: something that is slow to draw is drawn less often. */
const DRAWING_SHARE = 0.03;

/**
 * Draws the newest state again and again, at most five times a second, in the cell where the object was made.
 *
 * `changed` costs next to nothing, so it can be called for every event.
 */
export class LiveFrames {
  readonly #draw: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** The earliest time of the next frame, on the clock of `performance`. */
  #nextMs = 0;
  #finished = false;

  constructor(draw: () => void) {
    this.#draw = currentHost().bind(() => {
      const started = performance.now();
      try {
        draw();
      } catch (error) {
        reportError("a live view could not be drawn", error);
      }
      const ended = performance.now();
      this.#nextMs = started + Math.max(FRAME_MS, (ended - started) / DRAWING_SHARE);
    });
  }

  /** Reports that the state has changed: it will be drawn at once, or when the next frame is due. */
  changed(): void {
    if (this.#timer !== undefined || this.#finished) return;
    const wait = Math.max(GATHER_MS, this.#nextMs - performance.now());
    this.#timer = setTimeout(() => this.show(), wait);
    this.#timer.unref();
  }

  /** Draws the state at once. */
  show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#draw();
  }

  /** Draws the state for the last time; later changes are not drawn. */
  finish(): void {
    this.#finished = true;
    this.show();
  }
}

/**
 * Frames of one output, each of which replaces the one before. `render` returns
 * undefined while there is nothing to show.
 */
export function liveDisplay(render: () => MimeBundle | undefined): LiveFrames {
  const host = currentHost();
  const id = randomUUID();
  let update = false;
  return new LiveFrames(() => {
    const bundle = render();
    if (!bundle) return;
    host.display(bundle, { id, update });
    update = true;
  });
}
