/** Tests of the advice about code that is written as in Python. */

import { expect } from "chai";
import { withAdvice } from "../../../../kernel/output/advice/typeAdvice";
import { type Notebook, openNotebook } from "../../compiler/notebook";

describe("what users of Python type", function () {
  this.timeout(60_000);
  let notebook: Notebook;

  before(async () => {
    notebook = openNotebook();
    await notebook.value('export * from "secop-lab";');
    await notebook.value(
      `const motor = new SimMotor("motor"), det = new SimDetector("det"), dets = [det], a = [1, 2, 3];
       const RE = createRunEngine({ store: false });`,
    );
  });

  after(() => notebook.close());

  const cases: readonly (readonly [code: string, advice: string | readonly string[]])[] = [
    ["x = 5", "declare the name first:  const x = 5  (let instead of const, if it changes later)"],
    ['print("a")', "print(...) is written  console.log(...)"],
    ["db[-1]", "open the kept runs first:  const runs = openRuns();  runs.get(-1) is the last one,  %runs  lists them"],
    ['print(f"a {motor.name}")', "a string with values is written  `a ${motor.name}`"],
    [
      "import numpy as np",
      'an import is written  import * as np from "numpy"  (packages of Python cannot be imported)',
    ],
    ["count([det], num=3)", "TypeScript has no arguments by name: give num in its place:  count([det], 3)"],
    ["wait_for_idle", "waiting is part of a move:  await motor.set(5),  in a plan  yield* mv(motor, 5)"],
    ["motor.wait_for_idle()", "waiting is part of a move:  await motor.set(5),  in a plan  yield* mv(motor, 5)"],
    ["True", "True is written  true"],
    ["None", "None is written  undefined"],
    ['f"a {motor.name} b"', "a string with values is written  `a ${motor.name} b`"],
    ["# a comment", "a comment begins with //, not with #"],
    ["1 # comment", "a comment begins with //, not with #"],
    [
      "function* p() { yield mv(motor, 1) }\nRE(p())",
      "yield* is missing: in a plan, each step is written  yield* mv(motor, 1)  with the star",
    ],
    [
      "RE(function* () { yield mv(motor, 1) }())",
      "yield* is missing: in a plan, each step is written  yield* mv(motor, 1)  with the star",
    ],
    [
      "if x == 3:\n  pass\nelif x == 4:\n  pass",
      ["the condition is in parentheses:  if (x === 3) { ... }", "elif is written  else if (x === 4) { ... }"],
    ],
    ["elif x == 4:", "elif is written  else if (x === 4) { ... }"],
    ["def f(x):\n    return x", "a function is written  function f(...) { ... },  a plan  function* f(...) { ... }"],
    ["lambda x: x + 1", "lambda is written  (x) => x + 1"],
    ["const g = lambda x: x + 1", "lambda is written  (x) => x + 1"],
    ["[1,2].map(lambda x: x + 1)", "lambda is written  (x) => x + 1"],
    ["const h = 1 and 2", "and is written  &&"],
    ["if (1 or 2) {}", "or is written  ||"],
    ["if not 1:\n    pass", "the condition is in parentheses:  if (!1) { ... }"],
    ["const q = not 1", "not is written  !"],
    ["len([1,2])", "len(list) is written  list.length"],
    ["'%s' % 2", "a string with values is written  `${2}`"],
    ["'%s is %d' % (2, 3)", "a string with values is written  `${2} is ${3}`"],
    ['"{} K".format(3)', "format(...) is written as a template:  `at ${x} K`"],
    ["for i in range(5):\n    print(i)", "a loop is written  for (let i = 0; i < 5; i++) { ... }"],
    ['raise ValueError("x")', 'raise is written  throw new Error("x")'],
    ["raise ValueError", 'raise is written  throw new Error("...")'],
    [
      'with open("a") as f:\n    f.read()',
      'a file is read by  import fs from "node:fs"; const f = fs.readFileSync("a", "utf8")',
    ],
    ['open("a")', 'a file is read by  import fs from "node:fs"; fs.readFileSync("a.txt", "utf8")'],
    ["det is None", "it is written  det === undefined"],
    ["if det is None: pass", "the condition is in parentheses:  if (det === undefined) { ... }"],
    ["det is not None", "it is written  det !== undefined"],
    ["self.x", "self is written  this"],
    ['"""doc"""', "a text of several lines is written  `...`,  a description of what follows  /** ... */"],
    ['"""doc\nmore"""', "a text of several lines is written  `...`,  a description of what follows  /** ... */"],
    ["if (n := 3) > 2: pass", ":= is written in a line of its own:  const n = 3"],
    ["(n := 3)", ":= is written in a line of its own:  const n = 3"],
    ["a[1:3]", "a part of a list is written  a.slice(1, 3)"],
    ["a[:2]", "a part of a list is written  a.slice(0, 2)"],
    ["a[::2]", "a part of a list is written  a.filter((_, i) => i % 2 === 0)"],
    ["list(range(5))", "a list of numbers is of type  number[];  list(x) is written  [...x]"],
    ["dict(a=1)", "dict(a=1) is written  { a: 1 },  its type  Record<string, number>"],
    ["dict()", "dict(a=1) is written  { a: 1 },  its type  Record<string, number>"],
    ["pass", "pass is not needed: an empty block is  {}"],
    ["del a", "a variable is forgotten by  %reset a"],
    ["global a", "global is not needed: a function sees the names around it"],
    ["assert a == 1", 'assert is written  if (!(a === 1)) throw new Error("...")'],
    ["[x for x in a]", "a list made in a loop is written  [...a]"],
    ["[x*2 for x in a if x > 1]", "a list made in a loop is written  a.filter((x) => x > 1).map((x) => x*2)"],
    ["{x: 1 for x in a}", "a list made in a loop is written  Object.fromEntries(a.map((x) => [x, 1]))"],
    ["3 not in a", "it is written  !a.includes(3)"],
    [
      "try:\n    1\nexcept Exception as e:\n    print(e)",
      ["a block is in braces:  try { ... }", "except is written  catch (error) { ... }"],
    ],
    ["str(3)", "str is written  string;  str(x) is written  String(x)"],
    ['int("3")', "int is written  number;  int(x) is written  Math.trunc(Number(x))"],
    ['float("3")', "float is written  number;  float(x) is written  Number(x)"],
    [
      "isinstance(a, list)",
      'isinstance(x, Motor) is written  x instanceof Motor,  of numbers and texts  typeof x === "number"',
    ],
    ["type(a)", "type(x) is written  typeof x,  of an object  x.constructor.name"],
    ["sum(a)", "sum(list) is written  list.reduce((a, b) => a + b, 0)"],
    ["max(a)", "max(list) is written  Math.max(...list);  max(a, b) is written  Math.max(a, b)"],
    ["min(1, 2)", "min(list) is written  Math.min(...list);  min(a, b) is written  Math.min(a, b)"],
    ["enumerate(a)", "enumerate(list) is written  list.entries():  for (const [i, x] of list.entries()) { ... }"],
    ["zip(a, a)", "zip(a, b) is written  a.map((x, i) => [x, b[i]])"],
    ["sorted(a)", "sorted(list) is written  list.toSorted((a, b) => a - b)"],
    ["a.append(3)", "append(x) is written  push(x)"],
    ['"a b".split().len', "the length is  list.length"],
    ["class Foo:\n    pass", "a class is written  class Foo { ... }"],
    ["class Foo(Bar):\n    pass", "a class is written  class Foo extends Bar { ... }"],
    [
      "class Foo:\n    def __init__(self):\n        self.x = 1",
      [
        "a class is written  class Foo { ... }",
        "a function is written  function __init__(...) { ... },  a plan  function* __init__(...) { ... }",
      ],
    ],
    ["while True:\n    break", "the condition is in parentheses:  while (true) { ... }"],
    ["return 3", "a cell has no return, its last line is its value:  3"],
    ["yield 3", "yield is for plans; a cell runs one by  await RE(mv(motor, 5))"],
    ["yield* mv(motor, 3)", "yield is for plans; a cell runs one by  await RE(mv(motor, 3))"],
    ["yield from mv(motor, 3)", "yield from is written  yield* mv(motor, 3)"],
    ["async def f(): pass", "a function is written  function f(...) { ... },  a plan  function* f(...) { ... }"],
    [
      "@property\ndef x(): pass",
      [
        "decorators are for classes; of a function, write  const f = decorator(function ...)",
        "a function is written  function x(...) { ... },  a plan  function* x(...) { ... }",
      ],
    ],
    ["a, b = 1, 2", "several names are declared  const [a, b] = [1, 2]"],
    ["a, b = b, a", "several names are declared  const [a, b] = [b, a]"],
    ["x += 1", "declare the name first:  let x = 0"],
    ["i++", "declare the name first:  let i = 0"],
    ["x: int = 5", "a variable is declared  const x: number = 5"],
    ['r"raw\\d"', "a string with backslashes is written  String.raw`raw\\d`"],
    ['b"bytes"', 'bytes of a text are written  Buffer.from("bytes")'],
    ['u"a"', 'every string is Unicode:  "a"'],
    ["'a' 'b'", "strings are joined by +:  'a' + 'b'"],
    ["not True", "not is written  !"],
    ["import time\ntime.sleep(1)", "time needs no import:  await sleep(1)  waits,  Date.now() / 1000  is the time"],
    [
      "time.sleep(1)",
      "time.sleep(1) is written  await sleep(1),  in a plan  yield* sleep(1);  time.time() is  Date.now() / 1000",
    ],
    [
      "import os",
      'files are read by  import fs from "node:fs",  paths joined by  import path from "node:path";  process.env has the environment',
    ],
    ["from math import sqrt", "math needs no import:  Math.sqrt(2), Math.PI"],
    ["math.sqrt(2)", "the functions of math are those of Math:  Math.sqrt(2), Math.PI"],
    [
      "np.linspace(0, 1, 5)",
      "numpy does not exist here: Math has the functions for single numbers, list.map(...) applies one to a list",
    ],
    ['print "a"', 'print is written  console.log("a")'],
    ["1 if a else 2", "a choice is written  a ? 1 : 2"],
    ["const v = 1 if a else 2", "a choice is written  a ? 1 : 2"],
    ["x = [1, 2]", "declare the name first:  const x = [1, 2]  (let instead of const, if it changes later)"],
    ["motor.set(5).wait()", "waiting is written  await:  await motor.set(5)"],
    ["motor.move(5)", "a move is written  await motor.set(5),  in a plan  yield* mv(motor, 5)"],
    [
      "RE(scan([det], motor, 0, 1, num=3))",
      "TypeScript has no arguments by name: give num in its place:  scan([det], motor, 0, 1, 3)",
    ],
    [
      'RE(scan([det], motor, 0, 1, 3), purpose="x")',
      'TypeScript has no arguments by name: give options in an object:  RE(scan([det], motor, 0, 1, 3), { purpose: "x" })',
    ],
    ["exit()", "a cell does not exit; Kernel > Shut Down ends the kernel,  process.exit()  a script"],
    ["quit", "a cell does not quit; Kernel > Shut Down ends the kernel,  process.exit()  a script"],
    ["abs(-1)", "abs(x) is written  Math.abs(x)"],
    ["round(2.5)", "round(x) is written  Math.round(x);  x.toFixed(2) is text with two digits"],
    ["tuple(a)", "a pair is of type  [number, string];  tuple(x) is written  [...x]"],
    ["set(a)", "set(x) is written  new Set(x)"],
    ["list(a)", "a list of numbers is of type  number[];  list(x) is written  [...x]"],
    ["a.length()", "the length is a member, without brackets:  list.length"],
    ["len(a)", "len(list) is written  list.length"],
    ["pow(2, 3)", "pow(x, y) is written  x ** y"],
    ["1 <> 2", "<> is written  !=="],
    ['print(1, end="")', "print(...) is written  console.log(...)"],
    ["nonlocal a", "nonlocal is not needed: a function sees the names around it"],
    ["super().__init__()", "super().__init__(...) is written  super(...)"],
    ['__name__ == "__main__"', 'a cell or script just runs: if __name__ == "__main__" is not needed'],
    [
      'if __name__ == "__main__":\n    main()',
      'the condition is in parentheses:  if (__name__ === "__main__") { ... }',
    ],
    ["None == a", "None is written  undefined"],
    ["a = None", "None is written  undefined"],
    ["const z: int = 5", "int is written  number;  int(x) is written  Math.trunc(Number(x))"],
    ['const s: str = "a"', "str is written  string;  str(x) is written  String(x)"],
    ["const zz: float = 5", "float is written  number;  float(x) is written  Number(x)"],
    ["const bb: bool = true", "bool is written  boolean;  bool(x) is written  Boolean(x)"],
    ["const ll: list = []", "a list of numbers is of type  number[];  list(x) is written  [...x]"],
    [
      "def f(x: float) -> float:\n    return x",
      "a function is written  function f(...) { ... },  a plan  function* f(...) { ... }",
    ],
    ["function f2(x: float): float { return x }", "float is written  number;  float(x) is written  Number(x)"],
    ["for i in a:\n    print(i)", "a loop is written  for (const i of a) { ... }"],
    ["for i, v in enumerate(a):\n    pass", "a loop is written  for (const [i, v] of a.entries()) { ... }"],
    ["for (i in a) { }", "declare the name of the loop:  for (const i in ..."],
    [
      'async with open("a") as f: pass',
      'a file is read by  import fs from "node:fs"; const f = fs.readFileSync("a", "utf8")',
    ],
    ["await asyncio.sleep(1)", "asyncio.sleep(1) is written  sleep(1),  asyncio.gather(a, b)  Promise.all([a, b])"],
    [
      "import asyncio",
      "asyncio needs no import: write await before a promise;  await Promise.all([a, b])  waits for several",
    ],
    ["a.sort(key=lambda x: -x)", "lambda is written  (x) => -x"],
    ['"a".upper()', "upper() is written  toUpperCase()"],
    ['"a".join(a)', 'join belongs to the list:  list.join(", ")'],
    ['",".join(["a"])', 'join belongs to the list:  list.join(", ")'],
    ['"abc".startswith("a")', "startswith(...) is written  startsWith(...)"],
    [
      `Math.max(${"1, ".repeat(20)}a9=1)`,
      "TypeScript has no arguments by name: give a9 in its place or in an object of options",
    ],
    ["new Map([[1, 2]]).items()", "items() is written  entries()"],
    ['" a ".strip()', "strip() is written  trim()"],
  ];
  for (const [code, advice] of cases) {
    it(`is answered in one line:  ${code.replaceAll("\n", " ⏎ ")}`, async () => {
      const { diagnostics } = await notebook.convert(code);
      const shown = withAdvice(diagnostics, code).map(({ messageText }) => messageText);
      expect(shown).to.deep.equal(typeof advice === "string" ? [advice] : advice);
    });
  }
});
