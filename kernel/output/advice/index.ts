/**
 * Says below an error what to write instead.
 *
 * This folder sees the code of a cell and its diagnostics only. Begin reading with `typeAdvice`, which asks
 * the others; three of them know the habits of Python, `planAdvice` those with plans and promises.
 */

export type { IsOwn } from "./codePlace";
export { withAdvice } from "./typeAdvice";
