/** The answers of the compiler to questions about code, kept from when they arrive until they are shown. */

import type { CompletionInfo, QuickInfo } from "../tslabAdapter";

/** A question about code, to be answered by `complete` or `inspect`. */
export interface CodeQuestion {
  readonly about: "completion" | "inspection";
  readonly position: number;
}

export type CodeAnswer = CompletionInfo | QuickInfo | undefined;

/** How many answers are kept: a front-end may give up a question before its answer is taken. */
const MOST = 8;

/** Answers by their questions. */
export class KeptAnswers {
  readonly #answers = new Map<string, CodeAnswer>();

  keep(code: string, question: CodeQuestion, answer: CodeAnswer): void {
    this.#answers.set(keyOf(code, question), answer);
    for (const [oldest] of this.#answers) if (this.#answers.size > MOST) this.#answers.delete(oldest);
  }

  /** Takes the answer out; undefined if the question was not asked before. */
  take(code: string, question: CodeQuestion): CodeAnswer {
    const key = keyOf(code, question);
    const answer = this.#answers.get(key);
    this.#answers.delete(key);
    return answer;
  }
}

function keyOf(code: string, { about, position }: CodeQuestion): string {
  return `${about} ${position} ${code}`;
}
