/** The magics `%time`, `%%time`, `%timeit` and `%%timeit`, which measure how long code takes. */

import { UsageError } from "../../lib/errors";
import { parse } from "../compiler/parser";
import type { CellMagic, LineMagic } from "./magicRegistry";
import { RUNTIME } from "./magicRuntime";

/** `%time` runs code and prints how long it took. */
export const timeMagic: LineMagic = {
  kind: "line",
  name: "time",
  usage: "%time CODE",
  help: "Runs a line of TypeScript and prints how long it took.",
  expressions: true,
  expand: (code) => {
    if (code === "") throw new UsageError("%time needs code to run, for instance: %time await RE(count([det]))");
    const started = `__started_${++timed}`;
    const start = `const ${started} = performance.now();`;
    const end = `${RUNTIME}.reportDuration((performance.now() - ${started}) / 1000);`;
    const expression = expressionIn(code);
    if (expression === undefined) return `${start} ${code.replace(/;\s*$/, "")}; ${end}`;
    // In brackets, because `await` binds more tightly than an assignment or a condition.
    return `await (async () => { ${start} try { return await (${expression}); } finally { ${end} } })();`;
  },
};

let timed = 0;

/** `%%time` runs the cell and prints how long it took, also if it fails. */
export const cellTimeMagic: CellMagic = {
  kind: "cell",
  name: "time",
  usage: "%%time",
  help: "Runs the rest of the cell and prints how long it took. Its names stay, and its value is shown.",
  expressions: true,
  expand: (_args, body) => `${RUNTIME}.timeCell();\n${body}`,
};

const TIMEIT_HELP = `The number of loops is chosen so that a run takes 0.2 s; -n LOOPS sets it, -r RUNS the number of runs (default 7).
Code with await is waited for in each loop.`;

/** `%timeit` runs code many times and prints how long it takes. */
export const timeitMagic: LineMagic = {
  kind: "line",
  name: "timeit",
  usage: "%timeit [-n LOOPS] [-r RUNS] CODE",
  help: `Runs a line of TypeScript many times and prints its mean duration.\n${TIMEIT_HELP}`,
  expressions: true,
  expand: (args) => {
    const { options, code } = timeitOptions(args);
    if (code === "") throw new UsageError("%timeit needs code to run, for instance: %timeit Math.sqrt(2)");
    return timeitText("", code, options);
  },
};

/** `%%timeit` runs the cell many times; its first line is run once before. */
export const cellTimeitMagic: CellMagic = {
  kind: "cell",
  name: "timeit",
  usage: "%%timeit [-n LOOPS] [-r RUNS] [SETUP]",
  help: `Runs the rest of the cell many times and prints its mean duration. SETUP is code that runs once before.\n${TIMEIT_HELP}`,
  expressions: true,
  expand: (args, body) => {
    const { options, code } = timeitOptions(args);
    if (body.trim() === "") throw new UsageError("%%timeit needs code to run in the lines below it");
    return timeitText(code, body, options);
  },
};

interface TimeitOptions {
  readonly loops?: number;
  readonly runs?: number;
}

function timeitOptions(args: string): { readonly options: TimeitOptions; readonly code: string } {
  const options: { loops?: number; runs?: number } = {};
  let code = args.trim();
  for (;;) {
    const match = /^-([nr])\s*(\S+)\s*/.exec(code);
    if (!match) return { options, code };
    const [given, letter, value] = match;
    const count = Number(value);
    if (!Number.isSafeInteger(count) || count < 1) {
      throw new UsageError(`-${letter} takes a whole number of 1 or more, not ${value}`);
    }
    options[letter === "n" ? "loops" : "runs"] = count;
    code = code.slice(given.length);
  }
}

/** TypeScript that measures `code`. It runs in a function, so what it declares is gone afterwards. */
function timeitText(setup: string, code: string, options: TimeitOptions): string {
  const waits = /\bawait\b/.test(code);
  const expression = expressionIn(code);
  // The value is returned, so that V8 cannot leave out the computation.
  const body = expression === undefined ? `\n${code}\n` : `return (${expression});`;
  const before = setup === "" ? "" : `${setup}\n;`;
  return `{ ${before} await ${RUNTIME}.timeit(${waits ? "async " : ""}() => { ${body} }, ${JSON.stringify(options)}); }`;
}

/** Code that is one expression, without a semicolon or a comment behind it; undefined for other code. */
function expressionIn(code: string): string | undefined {
  const { program, errors } = parse(code);
  const [only] = program.body;
  if (errors.length > 0 || program.body.length !== 1 || only?.type !== "ExpressionStatement") return undefined;
  return code.slice(0, only.end).replace(/;$/, "").trim();
}
