/** A command of a module: a plan when it is called, and `execute` for cells. */

import { quantities } from "../../codegen/quantity";
import { typeOf } from "../../codegen/typeOf";
import { memberPath } from "../../core/device/memberPath";
import type { Plan } from "../../core/protocols/msg";
import type { SetOptions, Triggerable } from "../../core/protocols/protocols";
import { MockCommand, registerMock } from "../../core/signal/mockCommand";
import { callPlan } from "../../core/status/callPlan";
import { Status } from "../../core/status/status";
import { codeChip } from "../../display/codeChip";
import { displayBundle } from "../../display/displayBundle";
import { header, headerText } from "../../display/header";
import { $display, type MimeBundle } from "../../display/mimeBundle";
import { muted } from "../../display/muted";
import { nearest } from "../../nearest";
import { checkOptions, type OptionNames } from "../../options";
import type { CommandDescription } from "../../secop/description/description";
import type { MemberName } from "../../secop/description/memberName";
import { codecFor } from "../../secop/values/codecFor";
import { plainestValue } from "../../secop/values/plainestValue";
import type { ModuleHandle } from "./moduleHandle";
import { waitForIdle } from "./waitForIdle";

/** Options of a call of a command. */
export interface CommandOptions extends SetOptions {
  /** Whether to wait until the module is idle again, not only for the answer of the node. Default false. */
  readonly waitForIdle?: boolean;
}

interface CommandBase extends Triggerable {
  /** The name `node-module-command`. */
  readonly name: string;
  readonly parent: unknown;
  readonly description: CommandDescription;
}

/**
 * A command with an argument. Called in a plan, `const result = yield* module.command(argument)`; in a cell,
 * `await module.command.execute(argument)`.
 */
export interface Command<A, R = void> extends CommandBase {
  (argument: A, options?: CommandOptions): Plan<R>;
  execute(argument: A, options?: CommandOptions): Status<R>;
}

/** A command without an argument: `yield* module.command()`, `await module.command.execute()`. */
export interface Command0<R = void> extends CommandBase {
  (options?: CommandOptions): Plan<R>;
  execute(options?: CommandOptions): Status<R>;
}

/**
 * Makes a command of the module device `parent`: its name ends with `key`, and it is the property `member`.
 */
export function makeCommand(
  handle: ModuleHandle,
  parent: { readonly name: string; readonly parent: { readonly name: string } | null },
  { key, member }: MemberName,
  description: CommandDescription,
): Command<unknown, unknown> {
  const { name, argument, result } = description;
  const place = `${handle.name}:${name}`;
  const mock = new MockCommand({
    ...(argument && { check: (value: unknown) => void codecFor(argument).encode(value) }),
    ...(result && { result: () => plainestValue(result) }),
  });
  const run = async (value: unknown, options: CommandOptions): Promise<unknown> => {
    checkOptions(fullName(), options, OPTIONS);
    const retired = handle.retired.get(name);
    if (retired) throw retired;
    if (handle.link.mocked) return mock.execute(value);
    const { timeout, signal } = options;
    const answer = await handle.client.do(handle.name, name, value, {
      signal,
      timeout: timeout === null ? Number.POSITIVE_INFINITY : timeout,
    });
    if (options.waitForIdle) {
      await waitForIdle(handle, { ...(signal && { signal }), ...(timeout !== undefined && { timeout }) });
    }
    return answer ?? undefined;
  };
  const execute = (...given: readonly unknown[]): Status<unknown> => {
    const [value, options] = argument || !isOptions(given[0]) ? given : [undefined, given[0]];
    return Status.from(() => run(value, (options ?? {}) as CommandOptions), place);
  };
  const plan = (...given: readonly unknown[]) =>
    callPlan({ name: fullName(), parent, written: written(), trigger: () => execute(...given) }, place);
  /** The description by the node, once it is connected. */
  const present = (): CommandDescription => {
    const live = handle.description.accessibles.get(name);
    return live?.kind === "command" ? live : description;
  };
  const fullName = () => `${parent.name}-${key}`;
  const written = () => {
    const inPlan = memberPath([parent.parent?.name, handle.member, member], "node");
    return { inPlan, elsewhere: `${inPlan}.execute` };
  };
  const command = Object.assign(plan, {
    execute,
    trigger: () => execute(),
    parent,
    [$display]: () => displayCommand(fullName(), written().elsewhere, present(), handle.mainUnit()),
  });
  registerMock(command, () => (handle.link.mocked ? mock : null));
  Object.defineProperty(command, "description", { get: present, enumerable: true });
  // The cast adds the name: TypeScript does not see what defineProperty does.
  return Object.defineProperty(command, "name", { get: fullName }) as unknown as Command<unknown, unknown>;
}

const OPTIONS: OptionNames<CommandOptions> = { timeout: true, signal: true, waitForIdle: true };
const NAMES = Object.keys(OPTIONS);

/**
 * Whether an object has no keys but those of the options, or misspelt ones. Anything else is an argument,
 * which the command refuses.
 */
function isOptions(given: unknown): boolean {
  return (
    given === undefined ||
    (typeof given === "object" && Object.keys(given ?? {}).every((key) => nearest(key, NAMES) !== undefined))
  );
}

/**
 * Shows `cryo-cryo-configure(argument: string): number`, the description, units and limits, and the code that
 * runs the command.
 */
function displayCommand(name: string, execute: string, command: CommandDescription, main: string): MimeBundle {
  const { argument, result, description } = command;
  const head = {
    title: `${name}(${argument ? `argument: ${typeOf(argument)}` : ""})${result ? `: ${typeOf(result)}` : ""}`,
    facts: [description.split("\n", 1)[0], ...quantities(command, main)],
  };
  const code = `await ${execute}(${argument ? "argument" : ""})`;
  return displayBundle(`${headerText(head)}\n${code}`, header(head), muted(codeChip(code)));
}
