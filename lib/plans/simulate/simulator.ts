/** Plans without a RunEngine: the list of their messages, with answers that a test makes up. */
import type { Msg } from "../../core/protocols/msg";
import { duringStep } from "../../core/protocols/planStep";
import type { HasName, Readings } from "../../core/protocols/protocols";
import { UnstartedPlans } from "../../core/protocols/unstartedPlans";
import type { DocumentCallback, DocumentName, DocumentTypes } from "../../engine/documents/documents";
import { type PlanSource, takePlan } from "../../engine/loop/planSource";
import { UsageError } from "../../errors";

/** Answers a message; undefined is what the plan gets without a handler. */
export type MessageHandler = (msg: Msg) => unknown;
/** Which messages a handler is for: a predicate, or the name of the device. */
export type MessageFilter = ((msg: Msg) => boolean) | string;

/** Takes the messages of a plan without doing them: `new RunEngineSimulator().simulatePlan(plan)`, with handlers for the answers it needs. */
export class RunEngineSimulator {
  readonly #handlers: { readonly matches: (msg: Msg) => boolean; readonly handle: MessageHandler }[] = [];
  readonly #callbacks: { readonly fn: DocumentCallback; readonly name: string }[] = [];
  /** What the last simulated plan returned. */
  returnValue: unknown = undefined;

  /**
   * Answers the messages of some commands. Of several handlers for a message the first answers.
   * @param index where to put it: 0 (the default) before all others, "end" after them
   */
  addHandler(
    commands: string | readonly string[],
    handler: MessageHandler,
    filter?: MessageFilter,
    index: number | "end" = 0,
  ): void {
    const wanted = typeof commands === "string" ? [commands] : commands;
    const passes = (msg: Msg) =>
      filter === undefined ||
      (typeof filter === "function" ? filter(msg) : (msg.obj as HasName | null)?.name === filter);
    const at = index === "end" ? this.#handlers.length : index;
    this.#handlers.splice(at, 0, { matches: (msg) => wanted.includes(msg.command) && passes(msg), handle: handler });
  }

  /** Answers `read` of a device with one value, under its own name. */
  addReadHandlerFor(device: HasName, value: unknown): void {
    this.addReadHandlerForMultiple(device, { [device.name]: value });
  }

  /** Answers `read` of a device with values, or whole readings, by key. */
  addReadHandlerForMultiple(device: HasName, values: Readonly<Record<string, unknown>>): void {
    const readings = (): Readings =>
      Object.fromEntries(
        Object.entries(values).map(([key, value]) => [
          key,
          isReading(value) ? value : { value, timestamp: Date.now() / 1000 },
        ]),
      );
    this.addHandler("read", readings, device.name);
  }

  /** Called for `wait`, of one group or of any. */
  addWaitHandler(handler: MessageHandler, group: unknown = "any"): void {
    this.addHandler("wait", handler, (msg) => group === "any" || msg.kwargs.group === group);
  }

  /** Keeps the callbacks that the plan subscribes, for `fireCallback`. */
  addHandlerForCallbackSubscribes(): void {
    this.addHandler(
      "subscribe",
      ({ args: [fn, name] }) => this.#callbacks.push({ fn: fn as DocumentCallback, name: String(name ?? "all") }),
      undefined,
      "end",
    );
  }

  /** Fires a document at the subscribed callbacks whenever a command comes. */
  addCallbackHandlerFor<N extends DocumentName>(
    command: string,
    name: N,
    doc: DocumentTypes[N],
    filter?: MessageFilter,
  ): void {
    this.addHandler(command, () => this.fireCallback(name, doc), filter);
  }

  /** The same with lists of documents, one list each time the command comes. */
  addCallbackHandlerForMultiple(
    command: string,
    documents: Iterable<Iterable<readonly [DocumentName, DocumentTypes[DocumentName]]>>,
    filter?: MessageFilter,
  ): void {
    const lists = documents[Symbol.iterator]();
    this.addHandler(
      command,
      () => {
        const next = lists.next();
        if (!next.done) for (const [name, doc] of next.value) this.fireCallback(name, doc as never);
      },
      filter,
    );
  }

  fireCallback<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void {
    for (const callback of this.#callbacks)
      if (callback.name === "all" || callback.name === name)
        (callback.fn as (n: N, d: DocumentTypes[N]) => unknown)(name, doc);
  }

  /** All messages of a plan, which is used up by this. */
  simulatePlan(source: PlanSource<unknown>): Msg[] {
    const { plan } = takePlan(source);
    const messages: Msg[] = [];
    this.returnValue = undefined;
    let slept = 0;
    const context = { unstarted: new UnstartedPlans(), time: () => slept };
    let step = duringStep(context, () => plan.next());
    while (!step.done) {
      const msg = step.value;
      messages.push(msg);
      if (msg.command === "sleep") slept += Number(msg.args[0]);
      const answer = this.#handlers.find((handler) => handler.matches(msg))?.handle(msg);
      step = duringStep(context, () => plan.next(answer));
    }
    this.returnValue = step.value;
    return messages;
  }
}

/** The messages from the first on that satisfies a predicate (and names the group, if one is given); throws if none does. */
export function assertMessageAndReturnRemaining(
  messages: readonly Msg[],
  predicate: (msg: Msg) => boolean,
  group?: unknown,
): Msg[] {
  const inGroup = (msg: Msg) =>
    group === undefined || Object.keys(msg.kwargs).length === 0 || msg.kwargs.group === group;
  const at = messages.findIndex((msg) => inGroup(msg) && predicate(msg));
  if (at < 0) throw new UsageError(`none of the ${messages.length} messages satisfies ${predicate}`);
  return messages.slice(at);
}

function isReading(value: unknown): value is Readings[string] {
  return typeof value === "object" && value !== null && "value" in value && "timestamp" in value;
}
