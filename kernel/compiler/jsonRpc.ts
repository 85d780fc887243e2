/** JSON-RPC over a pair of streams, with the framing of the Language Server Protocol. */

import type { Readable, Writable } from "node:stream";

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

const HEAD_END = "\r\n\r\n";

export class JsonRpc {
  readonly #output: Writable;
  readonly #answer: (method: string, params: unknown) => unknown;
  readonly #waiting = new Map<number, Waiting>();
  #parts: Buffer[] = [];
  #size = 0;
  /** The number of bytes that must have come before they can be a whole message. */
  #needed = 1;
  #id = 0;
  #failure: Error | undefined;
  /**
   * Messages that are not written yet: notifications wait for the next request, so that the other side wakes
   * up once.
   */
  #unsent = "";

  /**
   * @param answer Called with each request of the other side; what it returns is the result. Default: null to
   * all.
   */
  constructor(input: Readable, output: Writable, answer: (method: string, params: unknown) => unknown = () => null) {
    this.#output = output;
    this.#answer = answer;
    input.on("data", (data: Buffer) => this.#take(data));
  }

  /** Rejects with the error of the other side, or when that has ended. */
  request<T>(method: string, params: unknown): Promise<T> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const id = ++this.#id;
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    // If nobody waits for the answer any more, its failure must not be an unhandled rejection.
    answer.catch(() => {});
    this.#queue({ id, method, params });
    this.#flush();
    return answer as Promise<T>;
  }

  /** Sends it together with the next request, or else when the code that runs now has ended. */
  notify(method: string, params: unknown): void {
    if (this.#failure !== undefined) return;
    if (this.#unsent === "") process.nextTick(() => this.#flush());
    this.#queue({ method, params });
  }

  /** Rejects all waiting and all later requests: the other side has ended. */
  fail(error: Error): void {
    this.#failure = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #queue(message: Message): void {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.#unsent += `Content-Length: ${Buffer.byteLength(body)}${HEAD_END}${body}`;
  }

  #flush(): void {
    if (this.#unsent !== "") this.#output.write(this.#unsent);
    this.#unsent = "";
  }

  #take(data: Buffer): void {
    this.#parts.push(data);
    this.#size += data.length;
    while (this.#size >= this.#needed) {
      const all = Buffer.concat(this.#parts);
      const head = all.indexOf(HEAD_END);
      const length = head < 0 ? 0 : Number(/Content-Length: (\d+)/i.exec(all.toString("latin1", 0, head))?.[1]);
      const end = head + HEAD_END.length + length;
      if (head < 0 || all.length < end) {
        this.#parts = [all];
        this.#needed = head < 0 ? all.length + 1 : end;
        return;
      }
      this.#parts = [all.subarray(end)];
      this.#size = all.length - end;
      this.#needed = 1;
      this.#receive(JSON.parse(all.toString("utf8", head + HEAD_END.length, end)) as Message);
    }
  }

  #receive({ id, method, params, result, error }: Message): void {
    if (method !== undefined) {
      if (id === undefined) return;
      this.#queue({ id, result: this.#answer(method, params) });
      this.#flush();
      return;
    }
    const waiting = this.#waiting.get(Number(id));
    this.#waiting.delete(Number(id));
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }
}
