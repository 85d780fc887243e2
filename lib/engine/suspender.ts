/** What the engine needs of a suspender: something that can hold plans and let them go. */
import type { Suspension } from "./execution";

export interface Suspender {
  /** The hold it has on plans now; null while its condition is fine. */
  readonly suspension: Suspension | null;
  /** Starts to watch; `suspend` is called whenever the condition trips. */
  install(suspend: (suspension: Suspension) => void): void;
  /** Stops watching and lets go. */
  remove(): void;
}

export function isSuspender(value: unknown): value is Suspender {
  return (
    typeof value === "object" && value !== null && "install" in value && "remove" in value && "suspension" in value
  );
}
