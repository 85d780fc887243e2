/** Tests of the advice about calls of plans, steps of plans, and promises. */

import { expect } from "chai";
import { withAdvice } from "../../../../kernel/output/advice/typeAdvice";
import { type Notebook, openNotebook } from "../../compiler/notebook";

describe("a wrong call of a plan, or a wrong step in one", function () {
  this.timeout(60_000);
  let notebook: Notebook;

  before(async () => {
    notebook = openNotebook();
    await notebook.value('export * from "secop-lab";');
    await notebook.value(
      `const motor = new SimMotor("motor"), m2 = new SimMotor("m2"), det = new SimDetector("det"), dets = [det];
       const RE = createRunEngine({ store: false }), sig = softSignalRw("number", { name: "sig" });`,
    );
  });

  after(() => notebook.close());

  const cases: readonly (readonly [code: string, advice: string | readonly string[]])[] = [
    ["scan(det, motor, -5, 5, 3)", "detectors are a list: [det]"],
    ["scan(motor, -5, 5, 3)", "the list of detectors is missing:  scan([det], motor, -5, 5, 3)"],
    [
      "scan(dets, motor, -5, 5, 3, 1)",
      "one number too many: after the list of detectors come motor, start, stop for each motor, and the number of points at the end",
    ],
    ["scan(dets, motor, -5, 5)", "scan is called like this:  scan([det], motor, start, stop, num)"],
    ["scan(dets, motor, -5)", "scan is called like this:  scan([det], motor, start, stop, num)"],
    ['scan([det], "motor", -5, 5, 3)', "give the motor itself, not its name in quotes:  motor"],
    ["scan([det], [motor], -5, 5, 3)", "one motor is written without brackets:  motor"],
    ["scan([det], motor, [-5, 5], 3)", "scan is called like this:  scan([det], motor, start, stop, num)"],
    [
      "scan([det], motor, -5, 5, 3, m2, 1, 2)",
      "the number of points comes last, after all motors:  scan([det], motor, -5, 5, m2, 1, 2, 3)",
    ],
    [
      "scan([det], motor, -5, 5, m2, 1, 2)",
      "scan is called like this:  scan([det], motor, start, stop, other, start, stop, num)",
    ],
    ["scan(det, motor, -5, 5, m2, 1, 2, 3)", "detectors are a list: [det]"],
    ['scan(["det"], motor, -5, 5, 3)', "detectors are devices, not names in quotes:  [det]"],
    ["scan([det], -5, 5, 3)", "scan is called like this:  scan([det], motor, start, stop, num)"],
    ["scan([det, motor, -5, 5, 3])", "scan is called like this:  scan([det], motor, start, stop, num)"],
    ["RE(scan(det, motor, -5, 5, 3))", "detectors are a list: [det]"],
    ["await RE(scan(motor, -5, 5, 3))", "the list of detectors is missing:  scan([det], motor, -5, 5, 3)"],
    ["relScan(det, motor, -5, 5, 3)", "detectors are a list: [det]"],
    ["relScan(motor, -5, 5, 3)", "the list of detectors is missing:  relScan([det], motor, -5, 5, 3)"],
    [
      "relScan(dets, motor, -5, 5, 3, 1)",
      "one number too many: after the list of detectors come motor, start, stop for each motor, and the number of points at the end",
    ],
    ["listScan(det, motor, [1, 2])", "detectors are a list: [det]"],
    ["listScan(motor, [1, 2])", "the list of detectors is missing:  listScan([det], motor, [1, 2])"],
    ["listScan(dets, motor, 1, 2)", "positions are a list:  listScan([det], motor, [1, 2, 3])"],
    ["listScan(dets, motor, 1, 2, 3)", "positions are a list:  listScan([det], motor, [1, 2, 3])"],
    ["listScan(dets, motor)", "listScan is called like this:  listScan([det], motor, [1, 2, 3])"],
    [
      "listScan(dets, motor, [1,2], 5)",
      "one number too many: listScan is called like this:  listScan([det], motor, [1, 2, 3])",
    ],
    ["relListScan(det, motor, [1, 2])", "detectors are a list: [det]"],
    ["gridScan(det, motor, 0, 1, 2, m2, 0, 1, 2)", "detectors are a list: [det]"],
    [
      "gridScan(motor, 0, 1, 2, m2, 0, 1, 2)",
      "the list of detectors is missing:  gridScan([det], motor, 0, 1, 2, m2, 0, 1, 2)",
    ],
    [
      "gridScan(dets, motor, 0, 1, 2, m2, 0, 1)",
      "gridScan is called like this:  gridScan([det], motor, start, stop, num, other, start, stop, num)",
    ],
    [
      "gridScan(dets, motor, 0, 1, 2, m2, 0, 1, 2, 5)",
      "one number too many: gridScan is called like this:  gridScan([det], motor, start, stop, num, other, start, stop, num)",
    ],
    [
      "gridScan(dets, motor, 0, 1, m2, 0, 1)",
      "gridScan is called like this:  gridScan([det], motor, start, stop, num, other, start, stop, num)",
    ],
    ["relGridScan(det, motor, 0, 1, 2, m2, 0, 1, 2)", "detectors are a list: [det]"],
    ["listGridScan(det, motor, [0, 1], m2, [1, 2])", "detectors are a list: [det]"],
    [
      "listGridScan(motor, [0, 1], m2, [1, 2])",
      "the list of detectors is missing:  listGridScan([det], motor, [0, 1], m2, [1, 2])",
    ],
    ["logScan(det, motor, 0, 1, 3)", "detectors are a list: [det]"],
    ["logScan(motor, 0, 1, 3)", "the list of detectors is missing:  logScan([det], motor, 0, 1, 3)"],
    ['adaptiveScan(det, "det", motor, 0, 1, 0.1, 1, 5, true)', "detectors are a list: [det]"],
    [
      "adaptiveScan(motor, 0, 1, 0.1, 1, 5, true)",
      "the list of detectors is missing:  adaptiveScan([det], motor, 0, 1, 0.1, 1, 5, true)",
    ],
    [
      "adaptiveScan([det], det, motor, 0, 1, 0.1, 1, 5, true)",
      'the field that the scan follows is a name in quotes:  "det"',
    ],
    [
      'adaptiveScan([det], "det", motor, 0, 1)',
      "adaptiveScan is called like this:  adaptiveScan([det], field, motor, start, stop, minStep, maxStep, targetDelta, backstep)",
    ],
    [
      'adaptiveScan([det], "det", motor, 0, 1, 0.1, 1, 5)',
      "adaptiveScan is called like this:  adaptiveScan([det], field, motor, start, stop, minStep, maxStep, targetDelta, backstep)",
    ],
    ["count(det)", "detectors are a list: [det]"],
    ["count(det, 5)", "detectors are a list: [det]"],
    ["count(5)", "the list of detectors is missing:  count([det], 5)"],
    ['count([det], "5")', "a number is written without quotes:  5"],
    ["count()", "count is called like this:  count([det], 5)"],
    ["count([det], 5, 1, 2)", "one number too many: count is called like this:  count([det], 5)"],
    ["mv(motor)", "mv is called like this:  mv(motor, 5, other, 2)"],
    ['mv(motor, "5")', "a number is written without quotes:  5"],
    ["mv([motor, 5])", "mv is called like this:  mv(motor, 5, other, 2)"],
    ["mv(motor, 5, m2)", "mv is called like this:  mv(motor, 5, other, 2)"],
    ["mv(5, motor)", "mv is called like this:  mv(motor, 5, other, 2)"],
    ["mv({motor: 5})", "mv is called like this:  mv(motor, 5, other, 2)"],
    ["mv([motor], [5])", "one motor is written without brackets:  motor"],
    ['mv("motor", 5)', "give the motor itself, not its name in quotes:  motor"],
    ["mv(det, 5)", "det cannot be moved: mv takes motors, and signals that can be set"],
    ["mv(motor.position, 5)", "mv is called like this:  mv(motor, 5, other, 2)"],
    ["mvr(motor)", "mvr is called like this:  mvr(motor, 5, other, 2)"],
    ['mvr(motor, "5")', "a number is written without quotes:  5"],
    ["mvr(det, 5)", "det cannot be moved: mvr takes motors, and signals that can be set"],
    ["mvr(motor, 5, m2)", "mvr is called like this:  mvr(motor, 5, other, 2)"],
    ['function* ps() { yield* sleep("1") }', "a number is written without quotes:  1"],
    ['sleep("1")', "a number is written without quotes:  1"],
    ["sleep()", "sleep is called like this:  sleep(1)"],
    [
      "function* pa() { await sleep(1) }",
      "a plan does not await: in a plan, write  yield* rd(det.value)  to read,  yield* mv(motor, 5)  to move",
    ],
    [
      "function* pb() { const v = await det.read(); return v }",
      "a plan does not await: in a plan, write  yield* rd(det.value)  to read,  yield* mv(motor, 5)  to move",
    ],
    ["function* pc() { const v = yield* det.read(); return v }", "in a plan, a value is read by  yield* rd(det)"],
    [
      "function* pd() { const v = yield rd(sig); return v + 1 }\nRE(pd())",
      "yield* is missing: in a plan, each step is written  yield* mv(motor, 1)  with the star",
    ],
    [
      "function* pe() { const v = rd(sig); return v + 1 }",
      "the value of a step of a plan comes by yield*:  const value = yield* rd(signal)",
    ],
    ["function* pf() { yield* motor.set(5) }", "in a plan, a move is written  yield* mv(motor, 5)"],
    [
      "function* ph() { yield* mv(motor, rd(sig)) }",
      "the value of a step of a plan comes by yield*:  const value = yield* rd(sig)",
    ],
    ["RE(scan)", "call the plan:  scan(...)"],
    ["RE(mv(motor, 1), mv(motor, 2))", "one plan at a time: write one after the other in a function*"],
    ["RE([mv(motor, 1), mv(motor, 2)])", "one plan at a time: write one after the other in a function*"],
    ["RE(motor.set(5))", "the RunEngine runs plans:  RE(mv(motor, 5));  alone, await motor.set(5)"],
    ["RE(motor)", "the RunEngine runs plans:  RE(count([det], 5)),  RE(mv(motor, 5))"],
    [
      "async function* pj() { yield* mv(motor, 1) }\nRE(pj())",
      "a plan is a function*, without async: it waits by  yield*",
    ],
    ["async function pk() { yield* mv(motor, 1) }", "a plan is a function*, with a star:  function* plan() { ... }"],
    ["function pl() { yield* mv(motor, 1) }", "a plan is a function*, with a star:  function* plan() { ... }"],
    ["const pm = () => { yield* mv(motor, 1) }", "a plan is a function*, with a star:  function* plan() { ... }"],
    ["const pn = function() { yield mv(motor, 1) }", "a plan is a function*, with a star:  function* plan() { ... }"],
    [
      "const po = *() => { yield* mv(motor, 1) }",
      "a plan is a function*, since an arrow function cannot yield:  function* name() { ... }",
    ],
    [
      "const f1 = (m: Movable) => scan(dets, m, 0, 1, 2)",
      "a scan also reads its motor: declare m as ReadableMotor instead of Movable",
    ],
    [
      "const f2 = (m: Movable) => listScan(dets, m, [0, 1, 2])",
      "a scan also reads its motor: declare m as ReadableMotor instead of Movable",
    ],
    [
      "const f3 = (m: Movable) => gridScan(dets, m, 0, 1, 2, m2, 0, 1, 2)",
      "a scan also reads its motor: declare m as ReadableMotor instead of Movable",
    ],
    [
      "const f4 = (m: Movable) => relScan(dets, m, 0, 1, 2)",
      "a scan also reads its motor: declare m as ReadableMotor instead of Movable",
    ],
    [
      'const f5 = (m: Movable) => adaptiveScan(dets, "det", m, 0, 1, 0.1, 1, 5, true)',
      "a scan also reads its motor: declare m as ReadableMotor instead of Movable",
    ],
    [
      "const f6 = (d: Device) => count([d])",
      "only what can be read is measured: declare d as Readable instead of Device",
    ],
    ["new Status(Promise.resolve(1))", "a status of a promise is  Status.from(Promise.resolve(1))"],
    ["new Status(motor.set(5))", "it is a status already:  motor.set(5)"],
    ["const st: Status = motor.set(5); st.wait()", "waiting is written  await:  await motor.set(5)"],
    ['motor.set("5")', "a number is written without quotes:  5"],
    ["const r = motor.read(); r.motor.value", "a promise is not a value yet: write await before it"],
    [
      "const r3 = await motor.read(); r3.motor.value + 1",
      "the checker does not know its type: say it, as in  r3.motor.value as number",
    ],
    [
      "const message = (e: unknown) => e.message",
      "the checker does not know its type: say it, as in  (e as Error).message",
    ],
    ["motor.read() + 1", "a promise is not a value yet: write await before it"],
    ["const [a9] = motor.read()", "a promise is not a value yet: write await before it"],
    ["for (const x of motor.read()) {}", "a promise is not a value yet: write await before it"],
    ["Math.sqrt(sig.getValue())", "a promise is not a value yet: write await before it"],
    ["sig.getValue() > 5", "a promise is not a value yet: write await before it"],
    ["const cc: number = sig.getValue()", "a promise is not a value yet: write await before it"],
    ["sig.set(sig.getValue() + 1)", "a promise is not a value yet: write await before it"],
    ['RE(count([det]), "purpose")', 'metadata is an object:  RE(plan, { purpose: "purpose" })'],
  ];
  for (const [code, advice] of cases) {
    it(`is answered in one line:  ${code.replaceAll("\n", " ⏎ ")}`, async () => {
      const { diagnostics } = await notebook.convert(code);
      const shown = withAdvice(diagnostics, code).map(({ messageText }) => messageText);
      expect(shown).to.deep.equal(typeof advice === "string" ? [advice] : advice);
    });
  }
});
