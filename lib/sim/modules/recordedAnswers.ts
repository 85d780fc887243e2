/** What commands of a recorded module answered, and the values that it refused. */

import { type SecopError, secopError } from "../../errors";
import { formatJson } from "../../json";
import type { CommandAnswer, ModuleBehaviour } from "./moduleBehaviour";

export class RecordedAnswers {
  readonly #behaviour: ModuleBehaviour | undefined;
  /** How many calls of a command with an argument were answered. */
  readonly #used = new Map<string, number>();

  constructor(behaviour: ModuleBehaviour | undefined) {
    this.#behaviour = behaviour;
  }

  /**
   * The next answer to a command with this argument, in recorded order; the last one is repeated. An argument
   * that was not recorded gets the last result of any other. Undefined if the command was never called.
   */
  next(command: string, argument: unknown): CommandAnswer | undefined {
    const answers = this.#behaviour?.commands.get(command) ?? [];
    const json = argument === undefined ? "" : formatJson(argument);
    const same = answers.filter((answer) => answer.argument === json);
    if (same.length === 0) return answers.findLast(({ error }) => error === undefined);
    const key = `${command} ${json}`;
    const used = this.#used.get(key) ?? 0;
    this.#used.set(key, used + 1);
    return same[Math.min(used, same.length - 1)];
  }

  /** The error with which a value was refused; undefined if it was not. */
  refusal(parameter: string, wire: unknown): SecopError | undefined {
    const refused = this.#behaviour?.refusals.get(parameter)?.get(formatJson(wire));
    return refused && secopError(refused.code, refused.text);
  }
}
