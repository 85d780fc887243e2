/** Tests names in random sequences of cells against a model of JavaScript's variables. */

import { expect } from "chai";
import fc from "fast-check";
import { type Notebook, openNotebook } from "./notebook";

/** A variable of JavaScript: closures keep the one that they saw, and a new declaration makes another. */
interface Variable {
  value: number;
  readonly assignable: boolean;
}

const NAMES = ["a", "b", "c"] as const;
const name = fc.constantFrom(...NAMES);
const number = fc.integer({ min: 0, max: 99 });
type Step =
  | {
      readonly kind: "let" | "const" | "var" | "nested" | "throwAfter" | "throwBefore" | "assign" | "badAssign";
      readonly name: string;
      readonly number: number;
    }
  | { readonly kind: "closure"; readonly name: string }
  | { readonly kind: "bump"; readonly name: string }
  | { readonly kind: "swap"; readonly name: string; readonly other: string };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("let", "const", "var", "nested", "throwAfter", "throwBefore", "assign", "badAssign"),
    name,
    number,
  }),
  fc.record({ kind: fc.constantFrom("closure", "bump"), name }),
  fc.record({ kind: fc.constant("swap" as const), name, other: name }),
);

/** The cell of a step, with its effect on the variables; undefined if the step is not possible. */
function apply(
  it: Step,
  variables: Map<string, Variable>,
  closures: Map<string, Variable>,
): { code: string; ok: boolean } | undefined {
  const variable = variables.get(it.name);
  switch (it.kind) {
    case "let":
    case "const":
    case "var":
      variables.set(it.name, { value: it.number, assignable: it.kind !== "const" });
      return { code: `${it.kind} ${it.name} = ${it.number}`, ok: true };
    case "nested":
      variables.set(it.name, { value: it.number, assignable: true });
      return { code: `{ { var ${it.name} = ${it.number} } }`, ok: true };
    case "throwAfter":
      variables.set(it.name, { value: it.number, assignable: true });
      return { code: `let ${it.name} = ${it.number}; throw new Error("after")`, ok: false };
    case "throwBefore":
      return { code: `throw new Error("before"); let ${it.name} = ${it.number}`, ok: false };
    case "assign":
      if (!variable?.assignable) return undefined;
      variable.value = it.number;
      return { code: `${it.name} = ${it.number}`, ok: true };
    case "badAssign":
      return { code: `${it.name} = "text"`, ok: false };
    case "closure":
      if (variable === undefined) return undefined;
      closures.set(`get_${it.name}`, variable);
      return { code: `const get_${it.name} = () => ${it.name}`, ok: true };
    case "bump":
      if (!variable?.assignable) return undefined;
      variable.value += 1;
      return { code: `${it.name}++`, ok: true };
    case "swap": {
      const other = variables.get(it.other);
      if (!variable?.assignable || !other?.assignable) return undefined;
      [variable.value, other.value] = [other.value, variable.value];
      return { code: `[${it.name}, ${it.other}] = [${it.other}, ${it.name}]`, ok: true };
    }
  }
}

describe("names across any sequence of cells", function () {
  this.timeout(120_000);
  let notebook: Notebook;

  before(() => {
    notebook = openNotebook();
  });
  after(() => notebook.close());

  it("behave as one JavaScript variable for each declaration", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const variables = new Map<string, Variable>();
        const closures = new Map<string, Variable>();
        for (const each of NAMES) {
          variables.set(each, { value: 0, assignable: true });
          await notebook.value(`let ${each} = 0; const get_${each} = () => ${each}`);
          closures.set(`get_${each}`, variables.get(each) as Variable);
        }
        for (const each of steps) {
          const cell = apply(each, variables, closures);
          if (cell !== undefined) expect((await notebook.cell(cell.code)).ok, cell.code).to.equal(cell.ok);
        }
        const calls = [...closures.keys()].map((closure) => `${closure}: ${closure}()`);
        const expected = Object.fromEntries([...variables, ...closures].map(([key, { value }]) => [key, value]));
        expect(await notebook.value(`({ ${[...NAMES, ...calls].join(", ")} })`)).to.deep.equal(expected);
      }),
      { numRuns: 30 },
    );
  });
});
