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
 * Asks the user for lines of text, one question at a time (jupyter-client, "Messages on the
 * stdin ROUTER/DEALER channel").
 */
export class StdinChannel {
  readonly #socket: Router;
  readonly #sender: SocketSender;
  readonly #codec: MessageCodec;
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
        this.#withdraw(question);
        reject(signal.reason);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#questions.push(question);
      if (this.#questions.length === 1) this.#askNext();
    });
  }

  /** Removes a question that is no longer asked, so that it does not block those after it. */
  #withdraw(question: Question): void {
    const at = this.#questions.indexOf(question);
    if (at < 0) return;
    this.#questions.splice(at, 1);
    if (at === 0) this.#askNext();
  }

  /** Receives answers until the socket is closed. See `takeMessages` for a second call. */
  listen(): Promise<void> {
    return takeMessages(this.#socket, (frames) => this.#receive(frames));
  }

  #receive(frames: Buffer[]): void {
    const message = this.#codec.decodeOrLog(frames);
    if (message?.header.msg_type !== "input_reply") return;
    const [question] = this.#questions;
    if (!question || !isAnswerTo(question, message)) return;
    this.#questions.shift();
    question.answer(String(message.content.value ?? ""));
    this.#askNext();
  }

  #askNext(): void {
    const [question] = this.#questions;
    if (!question) return;
    const { id, request, prompt, password } = question;
    const content = JSON.stringify({ prompt, password });
    const message = { id, type: "input_request", parent: request.header, content };
    this.#sender.send(this.#codec.encode(message, request.identities));
  }
}

/**
 * Whether a reply is meant for the question that is asked now. One to a question that was interrupted may
 * come late. JupyterLab names the `input_request` as the parent; jupyter_client names no parent.
 */
function isAnswerTo({ id, request }: Question, { parentHeader }: JupyterMessage): boolean {
  const parent = parentHeader.msg_id;
  return parent === undefined || parent === id || parent === request.header.msg_id;
}
