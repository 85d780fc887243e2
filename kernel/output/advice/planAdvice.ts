/** What is written instead of the most frequent mistakes in calls of plans, in plans, and with promises. */

import { argumentAt, type CallText, callAt } from "./callText";
import type { AdviceRule, CodePlace } from "./codePlace";

/** How each plan is called. */
const CALLS: Readonly<Record<string, string>> = {
  count: "count([det], 5)",
  scan: "scan([det], motor, start, stop, num)",
  listScan: "listScan([det], motor, [1, 2, 3])",
  gridScan: "gridScan([det], motor, start, stop, num, other, start, stop, num)",
  listGridScan: "listGridScan([det], motor, [1, 2], other, [3, 4])",
  logScan: "logScan([det], motor, start, stop, num)",
  adaptiveScan: "adaptiveScan([det], field, motor, start, stop, minStep, maxStep, targetDelta, backstep)",
  innerProductScan: "innerProductScan([det], num, motor, start, stop)",
  spiral: "spiral([det], x, y, xStart, yStart, xRange, yRange, dr, nth)",
  mv: "mv(motor, 5, other, 2)",
  mvr: "mvr(motor, 5, other, 2)",
  abs_set: "absSet(motor, 5)",
  rd: "rd(signal)",
  sleep: "sleep(1)",
};
const MOVES: readonly string[] = ["mv", "mov", "mvr", "movr"];
/** The code of "A spread argument must either have a tuple type or be passed to a rest parameter". */
const NO_TUPLE = 2556;
const WITHOUT_DETECTORS = ["mv", "mvr", "sleep", "rd"];

/** `relScan` is called as `scan` is. */
function usageOf(name: string): string | undefined {
  if (Object.hasOwn(CALLS, name)) return CALLS[name];
  const absolute = name.replace(/^rel([A-Z])/, (_, first: string) => first.toLowerCase());
  return Object.hasOwn(CALLS, absolute) && absolute !== name ? CALLS[absolute]?.replace(absolute, name) : undefined;
}

function takesDetectors({ name }: CallText): boolean {
  return usageOf(name) !== undefined && !WITHOUT_DETECTORS.includes(name);
}

/*
 * How a compiler says that a type does not fit depends on the types: "Argument of type 'A' is not
 * assignable to parameter of type 'B'", or only its reason, "Type 'A' is missing the following properties
 * from type 'B'". The order of the types in a union differs as well.
 */
const MISFIT = "' is (?:not assignable to (?:parameter of )?type|missing the following properties from type) '";
const STEP_AS_MESSAGE = new RegExp(`^(?:Argument of type|Type) '(?:Plan|Generator)<.*>${MISFIT}Msg'`, "m");
const NO_LIST_OF_DETECTORS = new RegExp(`^(?:Argument of type|Type) '.+${MISFIT}readonly Readable<.*>\\[\\]'`);
const NOT_READ = new RegExp(`'Movable<.*${MISFIT}(?:ReadableMotor|AnyMotor|Readable)\\b`);
const PROMISE =
  /^(?:Argument of type|Type) '(?:Promise|SyncOrAsync)<[^\n]*>' is not assignable to (?:parameter of )?type '(?!Promise|SyncOrAsync|Plan)/;
const AWAIT = "a promise is not a value yet: write await before it";

/** A detector, or the motor, stands where the list of detectors belongs. */
const detectors: AdviceRule = ({ message, word, offset, cell, isOwn }) => {
  const found = argumentAt(cell, offset);
  if (found?.index !== 0 || !takesDetectors(found.call) || isOwn(found.call.callee)) return undefined;
  if (!NO_LIST_OF_DETECTORS.test(message) || /^[[{]/.test(word) || /\[\]' is not assignable/.test(message)) return;
  return isListMissing(found.call) ? missingList(found.call) : `detectors are a list: [${word}]`;
};

/** Whether what follows the first argument belongs behind the motor. */
function isListMissing({ name, args }: CallText): boolean {
  const [first, second] = args;
  if (/^-?[\d.]+$/.test(first?.text ?? "")) return true;
  if (second === undefined || name === "count") return false;
  return /^(?:-?[\d.]+|\[[\s\S]*\])$/.test(second.text);
}

function missingList({ name, args }: CallText): string {
  return `the list of detectors is missing:  ${name}([det], ${args.map(({ text }) => text).join(", ")})`;
}

/** Moves whose devices and positions are in a list. */
const spreadMoves: AdviceRule = ({ code, word, offset, cell, isOwn }) => {
  const call = code === NO_TUPLE ? argumentAt(cell, offset)?.call : undefined;
  if (!call || !MOVES.includes(call.name) || isOwn(call.callee)) return undefined;
  const list = word.replace(/^\.\.\./, "");
  return `the checker cannot see that a list has devices and positions: say it,  ${call.name}(...(${list} as [Movable<number>, number]))`;
};

/** The wrong number of arguments, or one in the place of another. */
const argumentsOfPlan: AdviceRule = (place) => {
  const { message, offset, cell, isOwn } = place;
  const isCount = /^(?:Expected .* arguments?, but got|No overload expects)/.test(message);
  const found = isCount ? undefined : argumentAt(cell, offset);
  const call = isCount ? callAt(cell, offset) : found?.call;
  const usage = call && usageOf(call.name);
  if (!call || usage === undefined || isOwn(call.callee)) return undefined;
  if (isCount) {
    const isMissing = takesDetectors(call) && !/^\[/.test(call.args[0]?.text ?? "[") && isListMissing(call);
    return isMissing ? missingList(call) : calledLike(call, usage);
  }
  if (
    !found ||
    !/is not assignable to|is missing in type|is missing the following|has no properties in common/.test(message)
  )
    return;
  return argumentOfPlan(place, call, usage);
};

function calledLike({ name, args }: CallText, usage: string): string {
  const isOfTwo = /^(?:rel)?scan$/i.test(name) && args.length > 5;
  return `${name} is called like this:  ${isOfTwo ? usage.replace("num)", "other, start, stop, num)") : usage}`;
}

function argumentOfPlan({ message, word }: CodePlace, call: CallText, usage: string): string | undefined {
  const takesMotor = /type '(?:ReadableMotor|AnyMotor|Movable)\b/.test(message);
  const [, name] = /^["'`](\w+)["'`]$/.exec(word) ?? [];
  if (takesMotor && name !== undefined) return `give the motor itself, not its name in quotes:  ${name}`;
  const [, single] = /^\[\s*([\w.$]+)\s*\]$/.exec(word) ?? [];
  if (takesMotor && single !== undefined) return `one motor is written without brackets:  ${single}`;
  const isNumber = /^(?:Type|Argument of type) '(?:number|-?[\d.]+)'/.test(message);
  const at = call.args.findIndex(({ text }) => text === word);
  if (takesMotor && isNumber && at === 4 && /^(?:rel)?scan$/i.test(call.name) && call.args.length > 5) {
    const moved = [...call.args.slice(0, at), ...call.args.slice(at + 1), ...call.args.slice(at, at + 1)];
    return `the number of points comes last, after all motors:  ${call.name}(${moved.map(({ text }) => text).join(", ")})`;
  }
  if (takesMotor && /^Property 'set' is missing in type/.test(message)) {
    return `${word} cannot be moved: ${call.name} takes motors, and signals that can be set`;
  }
  if (isNumber && /has no properties in common with type|'boolean \|/.test(message)) return tooMany(call, usage);
  if (isNumber && /'(?:\w+ & )?Iterable</.test(message)) return `positions are a list:  ${usage}`;
  if (/^(?:Type|Argument of type) '(?:string|"[^"]*"|Plan<[^\n]*)' is not/.test(message)) return undefined;
  if (/daptiveScan$/.test(call.name) && at === 1 && /of type 'string'/.test(message)) {
    return `the field that the scan follows is a name in quotes:  "${word}"`;
  }
  return takesMotor || isNumber || /Options'|Range'/.test(message) ? calledLike(call, usage) : undefined;
}

function tooMany({ name }: CallText, usage: string): string {
  if (/^(?:rel)?scan$/i.test(name)) {
    return "one number too many: after the list of detectors come motor, start, stop for each motor, and the number of points at the end";
  }
  return `one number too many: ${name} is called like this:  ${usage}`;
}

/** Names instead of detectors in the list. */
const namesOfDetectors: AdviceRule = ({ message, word }) => {
  if (!/^Type '(?:string|"[^"]*")' is not assignable to type 'Readable</.test(message)) return undefined;
  return `detectors are devices, not names in quotes:  [${word.replace(/["'`]/g, "")}]`;
};

const motorIsNotRead: AdviceRule = ({ message, word }) =>
  NOT_READ.test(message) || /'Movable<.*> \| .*' is not assignable to .*'ReadableMotor/.test(message)
    ? `a scan also reads its motor: declare ${/^\w+$/.test(word) ? word : "it"} as ReadableMotor instead of Movable`
    : undefined;

const deviceIsNotRead: AdviceRule = ({ message, word }) => {
  const [, owner] =
    /Type '(\w+)' is missing the following properties from type 'Readable<unknown>': read, describe/.exec(message) ??
    [];
  if (owner !== undefined && owner !== "Device")
    return `only what can be read is measured: let ${owner} extend StandardReadable, with this.addReadables([...]) in its constructor`;
  return /^(?:Argument of type|Type) 'Device' is .*'Readable</.test(message)
    ? `only what can be read is measured: declare ${/^\w+$/.test(word) ? word : "it"} as Readable instead of Device`
    : undefined;
};

/** Steps of a plan without `yield*`, or with `yield`, `await`, or with what is no plan. */
const steps: readonly AdviceRule[] = [
  ({ message }) =>
    /^(?:Argument of type|Type) '(?:\(\) => )?Generator<(?:Plan|Generator)</.test(message) ||
    STEP_AS_MESSAGE.test(message)
      ? "yield* is missing: in a plan, each step is written  yield* mv(motor, 1)  with the star"
      : undefined,
  ({ message, before, word }) => {
    if (!/must have a '\[Symbol\.iterator\]\(\)' method/.test(message) || !/yield\s*\*\s*$/.test(before))
      return undefined;
    const [, owner, action, value = ""] = /^(.+)\.(set|read|getValue|trigger)\(([^)]*)\)$/.exec(word) ?? [];
    if (action === "set") return `in a plan, a move is written  yield* mv(${owner}, ${value})`;
    if (action === "trigger") return `in a plan, it is written  yield* trigger(${owner})`;
    return owner === undefined ? undefined : `in a plan, a value is read by  yield* rd(${owner})`;
  },
  ({ message, word }) => {
    const isValue =
      /Operator '.+' cannot be applied to types? .*'Plan</.test(message) ||
      /^Argument of type 'Plan<[^\n]*' is not assignable to parameter of type '(?:number|string|boolean)/.test(message);
    if (!isValue) return undefined;
    const step = /^\w+\(.*\)$/.test(word) ? word : "rd(signal)";
    return `the value of a step of a plan comes by yield*:  const value = yield* ${step}`;
  },
  ({ message }) =>
    /AsyncGenerator</.test(message) && /Plan/.test(message)
      ? "a plan is a function*, without async: it waits by  yield*"
      : undefined,
  ({ message, word }) => (word === "await" && /^Cannot find name/.test(message) ? NO_AWAIT : undefined),
];

const NO_AWAIT =
  "a plan does not await: in a plan, write  yield* rd(det.value)  to read,  yield* mv(motor, 5)  to move";

/** Advice about the argument that is given to the RunEngine. */
const engineCalls: AdviceRule = ({ message, word, offset, cell }) => {
  const { call, index } = argumentAt(cell, offset) ?? {};
  if (!call || !/^(?:\w+\.)*RE$/.test(call.callee)) return undefined;
  if (index !== 0) {
    if (/^["'`]/.test(word)) return `metadata is an object:  RE(plan, { purpose: ${word} })`;
    return /'Plan</.test(message) ? "one plan at a time: write one after the other in a function*" : undefined;
  }
  if (!/PlanSource/.test(message)) return undefined;
  const [, moved, value] = /^(.+)\.set\((.*)\)$/.exec(word) ?? [];
  if (moved !== undefined) return `the RunEngine runs plans:  RE(mv(${moved}, ${value}));  alone, await ${word}`;
  if (/^\[/.test(word)) return "one plan at a time: write one after the other in a function*";
  const isFunction = /=> Plan<.*is not assignable to parameter of type 'PlanSource/s.test(message);
  if (isFunction || usageOf(word) !== undefined) return `call the plan:  ${word}(...)`;
  return /^[\w.]+$/.test(word) ? "the RunEngine runs plans:  RE(count([det], 5)),  RE(mv(motor, 5))" : undefined;
};

/** Readings of devices whose types nobody declared. */
const unknownType: AdviceRule = ({ code, word, after }) => {
  if (code !== 18046 && code !== 2571) return undefined;
  const [ofError] = /^\.(?:message|stack|cause)\b/.exec(after.slice(word.length)) ?? [];
  const said = ofError === undefined ? `${word} as number` : `(${word} as Error)${ofError}`;
  return `the checker does not know its type: say it, as in  ${said}`;
};

const statuses: AdviceRule = ({ message, word, cell }) => {
  if (/^Operator '.+' cannot be applied to types? .*\b\w*Status</.test(message)) {
    return "a move has no value: await motor.set(5), then read  await motor.readback.getValue()";
  }
  if (!cell.includes("new Status(") || !/'\(resolve: /.test(message)) return undefined;
  if (/^Argument of type '\w*Status</.test(message)) return `it is a status already:  ${word}`;
  return /^Argument of type 'Promise</.test(message) ? `a status of a promise is  Status.from(${word})` : undefined;
};

const promises: AdviceRule = ({ message }) => {
  const isOperand =
    /Operator '.+' cannot be applied to types? .*\b(?:Promise|SyncOrAsync)</.test(message) ||
    /forget to use 'await'/.test(message);
  const isOwner = /^Property '\w+' does not exist on type '(?:Promise|SyncOrAsync)</.test(message);
  const isSource = /^Type '(?:Promise|SyncOrAsync)<.*must have a '\[Symbol\.iterator\]/.test(message);
  return isOperand || isOwner || isSource || PROMISE.test(message) ? AWAIT : undefined;
};

/** Functions that a scan, the engine or an observable calls. */
const givenFunctions: AdviceRule = ({ message, word, before }) => {
  if (/is not assignable to type 'PerStep'/.test(message))
    return "perStep gets all motors at once:  function* (detectors, step, positions) { yield* bps.oneNdStep(detectors, step, positions); }";
  if (/^Type 'Observable<.*must have a '\[Symbol\.asyncIterator\]/.test(message))
    return `an observable is followed by  ${word}.subscribe((item) => { ... })`;
  const isName = /'string' is not assignable to parameter of type '\(name: keyof DocumentTypes\) => unknown'/.test(
    message,
  );
  return isName && /\.subscribe\($/.test(before)
    ? `the function comes first:  RE.subscribe((name, doc) => { ... }, ${word})`
    : undefined;
};

/** Advice about the metadata or the subscriptions of a call of the RunEngine. */
const metadata: AdviceRule = ({ message }) => {
  if (/this is a promise: await it/.test(message)) return "the metadata has a promise: write await before it";
  return /does not exist in type '\(name: keyof DocumentTypes\) => unknown'/.test(message)
    ? 'functions for documents come before the metadata:  RE(plan, (name, doc) => { ... }, { sample: "Ni" })'
    : undefined;
};

/** `softSignalRw(Number, 5)`, as signals of EPICS and Tango are made. */
const softSignals: AdviceRule = ({ message, after }) => {
  if (!/SoftSignalOptions<(?:Number|String|Boolean)Constructor>/.test(message)) return undefined;
  const [value = "0"] = /^[^\s,)]+/.exec(after) ?? [];
  return `a soft signal begins with a value:  softSignalRw(${value})`;
};

export const PLAN_RULES: readonly AdviceRule[] = [
  ...steps,
  detectors,
  namesOfDetectors,
  motorIsNotRead,
  deviceIsNotRead,
  givenFunctions,
  metadata,
  engineCalls,
  softSignals,
  statuses,
  spreadMoves,
  argumentsOfPlan,
  unknownType,
  promises,
];

const NO_GENERATOR = /^(?:A 'yield' expression is only allowed|Identifier expected\. 'yield' is a reserved word)/;

/** Words that are allowed only in some functions. */
export const MISPLACED_WORDS: readonly AdviceRule[] = [
  ({ code, cell }) => (code === 1308 && /function\s*\*|\*\s*\w+\s*\(/.test(cell) ? NO_AWAIT : undefined),
  ({ message, after, before, cell, offset }) => {
    if (!NO_GENERATOR.test(message) && !/^Cannot find name 'yield'/.test(message)) return undefined;
    if (isInFunction(cell.slice(0, offset))) return "a plan is a function*, with a star:  function* plan() { ... }";
    const [, step = "mv(motor, 5)"] = /^yield\s*\*?\s*(\w+\(.*\))\s*;?\s*$/.exec(after) ?? [];
    return before.trim() === "" ? `yield is for plans; a cell runs one by  await RE(${step})` : undefined;
  },
  ({ code, line }) => {
    const [, name, id] = /\bimport\s+([\w$]+)\s*=\s*require\(\s*(["'`][^"'`]+["'`])\s*\)/.exec(line) ?? [];
    if (code !== 1202 || name === undefined) return undefined;
    return `an import is written  import * as ${name} from ${id},  or  import ${name} from ${id}  if ${name} itself is called`;
  },
  ({ code, after }) => {
    if (code !== 1108) return undefined;
    const [, value = ""] = /^return\b\s*([^;\n]*)/.exec(after) ?? [];
    return `a cell has no return, its last line is its value:  ${value || "value"}`;
  },
];

/** Whether a function or method is open at the end of the code. */
function isInFunction(code: string): boolean {
  const opened = code.match(/[{]/g)?.length ?? 0;
  return opened > (code.match(/[}]/g)?.length ?? 0) && /\bfunction\b|=>|\w\s*\([^)]*\)\s*\{/.test(code);
}
