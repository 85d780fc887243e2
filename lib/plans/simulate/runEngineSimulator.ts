/** Runs plans without an engine: lists their messages, and takes the answers from a test. */

import { timeNow } from "../../clock";
import type { Msg } from "../../core/protocols/msg";
import { duringStep } from "../../core/protocols/planStep";
import type { HasName, Readings } from "../../core/protocols/protocols";
import { UnstartedPlans } from "../../core/protocols/unstartedPlans";
import type { DocumentCallback, DocumentName, DocumentTypes } from "../../engine/documents/documents";
import { type PlanSource, takePlan } from "../../engine/loop/planSource";
import { UsageError } from "../../errors";

/** Answers a message. Without a handler the plan gets undefined. */
export type MessageHandler = (msg: Msg) => unknown;
/** Which messages a handler answers: a predicate, or the name of the device. */
export type MessageFilter = ((msg: Msg) => boolean) | string;

/**
 * Lists the messages of a plan without doing them: `new RunEngineSimulator().simulatePlan(plan)`. Handlers
 * give the answers that the plan needs.
 */
export class RunEngineSimulator {
  readonly #handlers: { readonly matches: (msg: Msg) => boolean; readonly handle: MessageHandler }[] = [];
  readonly #callbacks: { readonly fn: DocumentCallback; readonly name: string }[] = [];
  /** The value that the last simulated plan returned. */
  returnValue: unknown = undefined;

  /**
   * Answers the messages of one or several commands. If several handlers
   * match a message, the first one answers it.
   * @param index where to insert the handler: 0 (the default) before all others, "end" after them
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

  /**
   * Answers `read` of a device with one value, whose key is the name of the device, and `locate` with the
   * value as its position, since `rd` locates devices that have one.
   */
  addReadHandlerFor(device: HasName, value: unknown): void {
    this.addReadHandlerForMultiple(device, { [device.name]: value });
    const position = isReading(value) ? value.value : value;
    this.addHandler("locate", () => ({ setpoint: position, readback: position }), device.name);
  }

  /** Answers `read` of a device with several values by key; a value may also be a whole reading. */
  addReadHandlerForMultiple(device: HasName, values: Readonly<Record<string, unknown>>): void {
    const readings = (): Readings =>
      Object.fromEntries(
        Object.entries(values).map(([key, value]) => [key, isReading(value) ? value : { value, timestamp: timeNow() }]),
      );
    this.addHandler("read", readings, device.name);
  }

  /** Answers `wait` for one group, or for any group by default. */
  addWaitHandler(handler: MessageHandler, group: unknown = "any"): void {
    this.addHandler("wait", handler, (msg) => group === "any" || msg.kwargs.group === group);
  }

  /** Keeps the callbacks that the plan subscribes, so that `fireCallback` can call them. */
  addHandlerForCallbackSubscribes(): void {
    this.addHandler(
      "subscribe",
      ({ args: [fn, name] }) => this.#callbacks.push({ fn: fn as DocumentCallback, name: String(name ?? "all") }),
      undefined,
      "end",
    );
  }

  /** Passes a document to the subscribed callbacks each time the plan sends a command. */
  addCallbackHandlerFor<N extends DocumentName>(
    command: string,
    name: N,
    doc: DocumentTypes[N],
    filter?: MessageFilter,
  ): void {
    this.addHandler(command, () => this.fireCallback(name, doc), filter);
  }

  /**
   * Passes a list of documents to the subscribed callbacks each time the plan
   * sends a command: the next list each time.
   */
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

  /** Passes a document to the callbacks that were subscribed for it. */
  fireCallback<N extends DocumentName>(name: N, doc: DocumentTypes[N]): void {
    for (const callback of this.#callbacks) {
      if (callback.name !== "all" && callback.name !== name) continue;
      (callback.fn as (n: N, d: DocumentTypes[N]) => unknown)(name, doc);
    }
  }

  /** Lists all messages of a plan. This uses the plan up. */
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

/**
 * The messages from the first one on that satisfies a predicate; throws if there is none.
 * @param group if it is given, messages of other groups are skipped
 */
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
