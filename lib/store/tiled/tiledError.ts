/** A refusal of a Tiled server. */

import { ClearError } from "../../clearError";

/** A Tiled server that refused a request or failed at it. */
export class TiledError extends ClearError {
  override readonly name = "TiledError";
  /** The status of its reply in HTTP. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}
