/** bluesky's commands by name. */

import type { EngineCommand } from "../commandContext";
import { deviceCommands } from "./deviceCommands";
import { flowCommands } from "./flowCommands";
import { flyCommands } from "./flyCommands";
import { runCommands } from "./runCommands";
import { sessionCommands } from "./sessionCommands";

export const builtInCommands: ReadonlyMap<string, EngineCommand> = new Map([
  ...deviceCommands,
  ...flowCommands,
  ...flyCommands,
  ...runCommands,
  ...sessionCommands,
]);
