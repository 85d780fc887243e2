/**
 * Checks that the compiler reports common mistakes in plans in one or
 * two lines, at the argument that is wrong.
 */

import { join } from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { repository } from "../peers/peers";

const MISTAKES: readonly (readonly [mistake: string, code: string, at: string, message: string | RegExp])[] = [
  [
    "a forgotten number of points",
    "scan([det], m, 0, 10)",
    "scan",
    "No overload expects 4 arguments, but overloads do exist that expect either 3 or 5 arguments.",
  ],
  [
    "a forgotten number of points of a grid",
    "gridScan([det], m, 0, 10)",
    "gridScan",
    /^Expected 5-\d+ arguments, but got 4\. An argument for 'num' was not provided\.$/,
  ],
  [
    "a forgotten number of points of two motors",
    "relScan([det], m, 0, 10, m2, 0, 1)",
    "relScan",
    /^No overload expects 7 arguments, but overloads do exist that expect either \d+ or \d+ arguments\.$/,
  ],
  [
    "a detector without a list",
    "scan(det, m, 0, 10, 11)",
    "det",
    /^Argument of type 'SimDetector' is not assignable to parameter of type 'readonly Readable<unknown>\[\]'\.\n.*$/,
  ],
  [
    "the motor after its range",
    "scan([det], 0, 10, m, 11)",
    "0",
    /^Argument of type 'number' is not assignable to parameter of type 'ReadableMotor<number>'\.\n.*$/,
  ],
  [
    "a string for a position",
    'scan([det], m, "0", 10, 11)',
    '"0"',
    "Argument of type 'string' is not assignable to parameter of type 'number'.",
  ],
  [
    "a string for a position of the second motor",
    'gridScan([det], m, 0, 10, 3, m2, 0, "1", 3)',
    '"1"',
    "Argument of type 'string' is not assignable to parameter of type 'number'.",
  ],
  [
    "a string for the number of points",
    'scan([det], m, 0, 10, "11")',
    '"11"',
    "Argument of type 'string' is not assignable to parameter of type 'number | NumScanOptions'.",
  ],
  [
    "a detector in place of a motor",
    "relScan([det], det, 0, 10, 11)",
    "det",
    "Argument of type 'SimDetector' is not assignable to parameter of type 'ReadableMotor<number>'.\n" +
      "  Property 'set' is missing in type 'SimDetector' but required in type 'Movable<number>'.",
  ],
  [
    "an option that does not exist",
    "scan([det], m, 0, 10, { points: 3 })",
    "points",
    "Object literal may only specify known properties, and 'points' does not exist in type 'NumScanOptions'.",
  ],
  [
    "positions that are not a list",
    "listScan([det], m, 1, 2, 3)",
    "1",
    "Argument of type 'number' is not assignable to parameter of type 'Iterable<unknown>'.",
  ],
  [
    "the number of points last in the old form",
    "innerProductScan([det], m, 0, 1, 3)",
    "m",
    "Argument of type 'SimMotor' is not assignable to parameter of type 'number'.",
  ],
  [
    "a string for a distance",
    'mvr(m, "1")',
    '"1"',
    "Argument of type 'string' is not assignable to parameter of type 'number'.",
  ],
  [
    "a name for a device that is read",
    'rd("m")',
    '"m"',
    "Argument of type 'string' is not assignable to parameter of type 'Readable<unknown>'.",
  ],
  [
    "a default value of another type",
    'rd(m, { defaultValue: "a" })',
    "defaultValue",
    "Type 'string' is not assignable to type 'number'.",
  ],
];

describe("type errors of plans", function () {
  this.timeout(60_000);
  let errors: ReadonlyMap<number, readonly ts.Diagnostic[]>;
  let source: ts.SourceFile;

  before(() => {
    const file = join(repository, "test/plans/mistakes.ts");
    const lines = MISTAKES.map(([, code]) => `lab.${code};`);
    const head =
      'import * as lab from "../../lib"; const det = new lab.SimDetector("det"), m = new lab.SimMotor("m"), m2 = m;';
    const text = [head, ...lines].join("\n");
    const { config } = ts.readConfigFile(join(repository, "tsconfig.json"), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, repository);
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists } = host;
    host.fileExists = (name) => name === file || fileExists(name);
    host.getSourceFile = (name, ...rest) =>
      name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);
    const program = ts.createProgram([file], { ...options, noEmit: true }, host);
    source = program.getSourceFile(file) as ts.SourceFile;
    const found = new Map<number, ts.Diagnostic[]>();
    for (const diagnostic of program.getSemanticDiagnostics(source)) {
      const { line } = source.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
      found.set(line, [...(found.get(line) ?? []), diagnostic]);
    }
    errors = found;
  });

  for (const [i, [mistake, code, at, message]] of MISTAKES.entries()) {
    it(`are short and point at the mistake for ${mistake}: ${code}`, () => {
      const found = errors.get(i + 1) ?? [];
      expect(found).to.have.length(1);
      const { start = 0, length = 0, messageText, relatedInformation = [] } = found[0] as ts.Diagnostic;
      expect(source.text.slice(start, start + length).replace(/^lab\./, "")).to.equal(at);
      const texts = [messageText, ...relatedInformation.filter(({ code }) => code === 6210).map((r) => r.messageText)];
      const text = texts.map((part) => ts.flattenDiagnosticMessageText(part, "\n")).join(" ");
      if (typeof message === "string") expect(text).to.equal(message);
      else expect(text).to.match(message);
    });
  }
});
