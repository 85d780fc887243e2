/**
 * What each message of a plan does.
 *
 * Commands see a small context of the running plan (`../commandContext`), not the engine. Begin reading with
 * `builtInCommands`, which has them by name; the other files are sorted by what they act on: devices, runs,
 * flyers, the course of the plan, the engine itself.
 */

export { builtInCommands } from "./builtInCommands";
