import type { Command } from "../messageLoop";
import { deviceCommands } from "./deviceCommands";
import { flowCommands } from "./flowCommands";
import { flyCommands } from "./flyCommands";
import { runCommands } from "./runCommands";
import { sessionCommands } from "./sessionCommands";

/** bluesky's commands by name. */
export const builtInCommands: ReadonlyMap<string, Command> = new Map([
  ...deviceCommands,
  ...flowCommands,
  ...flyCommands,
  ...runCommands,
  ...sessionCommands,
]);
