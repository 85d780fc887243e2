import { randomUUID } from "node:crypto";
import type { MimeBundle } from "../../display/bundle";
import { currentHost } from "../../display/host";
import { reportError } from "../../log";

/** Milliseconds between two frames. */
const FRAME_MS = 200;
/** A frame may take this part of the time at most: what is costly to draw is drawn less often. */
const SHARE = 0.05;

/**
 * Draws again and again, at most five times a second, the newest state only, in the cell where it was made. Telling it of a change costs next to
 * nothing, so it may be told of every event.
 */
export class Frames {
  readonly #draw: () => void;
  #timer: NodeJS.Timeout | undefined;
  #intervalMs = 0;
  #finished = false;

  constructor(draw: () => void) {
    this.#draw = currentHost().bind(() => {
      const started = performance.now();
      try {
        draw();
      } catch (error) {
        reportError("a live view could not be drawn", error);
      }
      this.#intervalMs = Math.max(FRAME_MS, (performance.now() - started) / SHARE);
    });
  }

  /** The state is not what was drawn: draws it soon. */
  changed(): void {
    if (this.#timer !== undefined || this.#finished) return;
    this.#timer = setTimeout(() => this.show(), this.#intervalMs);
    this.#timer.unref();
  }

  /** Draws at once. */
  show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#draw();
  }

  /** Draws the last state; later changes are not drawn. */
  finish(): void {
    this.#finished = true;
    this.show();
  }
}

/** Frames of one output, which is replaced by the next. `render` gives `undefined` while there is nothing to show. */
export function liveDisplay(render: () => MimeBundle | undefined): Frames {
  const host = currentHost();
  const id = randomUUID();
  let update = false;
  return new Frames(() => {
    const bundle = render();
    if (!bundle) return;
    host.display(bundle, { id, update });
    update = true;
  });
}
