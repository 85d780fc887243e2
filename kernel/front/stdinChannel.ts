/** The stdin socket, on which the kernel asks the user for input. */

import { randomUUID } from "node:crypto";
import type { Router } from "zeromq";
import { type JupyterMessage, type MessageCodec, SocketSender, takeMessages } from "../protocol/index";

interface Question {
  /** The id of the `input_request` that asks it. */
  readonly id: string;
  /** The `execute_request` of the cell that asks. */
  readonly request: JupyterMessage;
  readonly prompt: string;
  readonly password: boolean;
  readonly answer: (text: string) => void;
}

/**
 * Asks the user for lines of text, one question of a cell at a time (jupyter-client, "Messages on the
 * stdin ROUTER/DEALER channel"). Questions of another cell do not wait: a cell may end before its question is
 * answered.
 */
export class StdinChannel {
  readonly #socket: Router;
  readonly #sender: SocketSender;
  readonly #codec: MessageCodec;
  /** All questions that wait for an answer, in their order. The first one of each cell is asked. */
  readonly #questions: Question[] = [];

  constructor(socket: Router, codec: MessageCodec) {
    this.#socket = socket;
    this.#sender = new SocketSender(socket);
    this.#codec = codec;
  }

  /** Asks the front-end that sent `request`. Resolves with the answer; rejects when `signal` is aborted. */
  ask(request: JupyterMessage, prompt: string, password: boolean, signal: AbortSignal): Promise<string> {
    return new Promise((answer, reject) => {
      signal.throwIfAborted();
      const answered = (text: string): void => {
        signal.removeEventListener("abort", onAbort);
        answer(text);
      };
      const question = { id: randomUUID(), request, prompt, password, answer: answered };
      const onAbort = (): void => {
        this.#remove(question);
        reject(signal.reason);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#questions.push(question);
      if (this.#isAsked(question)) this.#send(question);
    });
  }

  /** Receives answers until the socket is closed. See `takeMessages` for a second call. */
  listen(): Promise<void> {
    return takeMessages(this.#socket, (frames) => this.#receive(frames));
  }

  #receive(frames: Buffer[]): void {
    const message = this.#codec.decodeOrLog(frames);
    if (message?.header.msg_type !== "input_reply") return;
    const asked = this.#questions.filter((question) => this.#isAsked(question));
    const question = asked.findLast((one) => isAnswerTo(one, message));
    if (!question) return;
    this.#remove(question);
    question.answer(String(message.content.value ?? ""));
  }

  /** Whether it is the first question of its cell. */
  #isAsked({ id, request }: Question): boolean {
    return this.#firstOf(request)?.id === id;
  }

  #firstOf(cell: JupyterMessage): Question | undefined {
    return this.#questions.find(({ request }) => request === cell);
  }

  /** Removes a question that was answered or is no longer asked; the next one of its cell is asked. */
  #remove(question: Question): void {
    const wasAsked = this.#isAsked(question);
    const at = this.#questions.indexOf(question);
    if (at < 0) return;
    this.#questions.splice(at, 1);
    const next = this.#firstOf(question.request);
    if (wasAsked && next) this.#send(next);
  }

  #send({ id, request, prompt, password }: Question): void {
    const content = JSON.stringify({ prompt, password });
    const message = { id, type: "input_request", parent: request.header, content };
    this.#sender.send(this.#codec.encode(message, request.identities));
  }
}

/**
 * Whether a reply is meant for a question that is asked now. One to a question that was interrupted may come
 * late. JupyterLab names the `input_request` as the parent; jupyter_client names no parent, and means the
 * latest question.
 */
function isAnswerTo({ id, request }: Question, { parentHeader }: JupyterMessage): boolean {
  const parent = parentHeader.msg_id;
  return parent === undefined || parent === id || parent === request.header.msg_id;
}
