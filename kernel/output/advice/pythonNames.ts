/** Names, members and arguments that Python has, and what is written instead. */

import { argumentAt } from "./callText";
import type { AdviceRule, CodePlace } from "./codePlace";
import { inTypeScript, percentTemplate } from "./pythonExpressions";

const WAITING = "waiting is part of a move:  await motor.set(5),  in a plan  yield* mv(motor, 5)";
const NUMPY =
  "numpy does not exist here: Math has the functions for single numbers, list.map(...) applies one to a list";
const KEPT_RUNS =
  "open the kept runs first:  const runs = openRuns();  runs.get(-1) is the last one,  %runs  lists them";
const NAMES: Readonly<Record<string, string>> = {
  True: "True is written  true",
  False: "False is written  false",
  None: "None is written  undefined",
  print: "print(...) is written  console.log(...)",
  len: "len(list) is written  list.length",
  str: "str is written  string;  str(x) is written  String(x)",
  int: "int is written  number;  int(x) is written  Math.trunc(Number(x))",
  float: "float is written  number;  float(x) is written  Number(x)",
  bool: "bool is written  boolean;  bool(x) is written  Boolean(x)",
  list: "a list of numbers is of type  number[];  list(x) is written  [...x]",
  tuple: "a pair is of type  [number, string];  tuple(x) is written  [...x]",
  dict: "dict(a=1) is written  { a: 1 },  its type  Record<string, number>",
  set: "set(x) is written  new Set(x)",
  bytes: "bytes(x) is written  Uint8Array.from(x)",
  object: "object is written  {}",
  abs: "abs(x) is written  Math.abs(x)",
  round: "round(x) is written  Math.round(x);  x.toFixed(2) is text with two digits",
  pow: "pow(x, y) is written  x ** y",
  max: "max(list) is written  Math.max(...list);  max(a, b) is written  Math.max(a, b)",
  min: "min(list) is written  Math.min(...list);  min(a, b) is written  Math.min(a, b)",
  sum: "sum(list) is written  list.reduce((a, b) => a + b, 0)",
  any: "any(list) is written  list.some((x) => x > 0)",
  all: "all(list) is written  list.every((x) => x > 0)",
  map: "map(f, list) is written  list.map(f)",
  filter: "filter(f, list) is written  list.filter(f)",
  sorted: "sorted(list) is written  list.toSorted((a, b) => a - b)",
  reversed: "reversed(list) is written  list.toReversed()",
  enumerate: "enumerate(list) is written  list.entries():  for (const [i, x] of list.entries()) { ... }",
  zip: "zip(a, b) is written  a.map((x, i) => [x, b[i]])",
  divmod: "divmod(a, b) is written  [Math.floor(a / b), a % b]",
  chr: "chr(n) is written  String.fromCharCode(n)",
  ord: "ord(s) is written  s.charCodeAt(0)",
  hex: "hex(n) is written  n.toString(16)",
  isinstance: 'isinstance(x, Motor) is written  x instanceof Motor,  of numbers and texts  typeof x === "number"',
  type: "type(x) is written  typeof x,  of an object  x.constructor.name",
  hasattr: 'hasattr(x, "a") is written  "a" in x',
  getattr: 'getattr(x, "a") is written  x["a"]',
  setattr: 'setattr(x, "a", 1) is written  x["a"] = 1',
  callable: 'callable(x) is written  typeof x === "function"',
  dir: "dir(x) is written  Object.keys(x);  in a cell, Tab after  x.  lists its members",
  repr: "repr(x) is written  JSON.stringify(x)",
  iter: "iter(x) is written  x[Symbol.iterator]()",
  next: "next(it) is written  it.next().value",
  prompt: 'prompt("x") is written  await input("x")',
  confirm: 'confirm("x?") is written  (await input("x? ")) === "y"',
  alert: "alert(x) is written  console.log(x)",
  open: 'a file is read by  import fs from "node:fs"; fs.readFileSync("a.txt", "utf8")',
  exit: "a cell does not exit; Kernel > Shut Down ends the kernel,  process.exit()  a script",
  quit: "a cell does not quit; Kernel > Shut Down ends the kernel,  process.exit()  a script",
  self: "self is written  this",
  cls: "cls is written  this  in a static method",
  pass: "pass is not needed: an empty block is  {}",
  elif: "elif is written  else if (condition) { ... }",
  __name__: 'a cell or script just runs: if __name__ == "__main__" is not needed',
  Exception: 'Exception is written  Error:  throw new Error("...")',
  ValueError: 'ValueError is written  RangeError:  throw new RangeError("...")',
  RuntimeError: 'RuntimeError is written  Error:  throw new Error("...")',
  KeyError: 'KeyError is written  Error:  throw new Error("...")',
  time: "time.sleep(1) is written  await sleep(1),  in a plan  yield* sleep(1);  time.time() is  Date.now() / 1000",
  math: "the functions of math are those of Math:  Math.sqrt(2), Math.PI",
  random: "random.random() is written  Math.random()",
  json: "json.loads and json.dumps are written  JSON.parse(text), JSON.stringify(value)",
  asyncio: "asyncio.sleep(1) is written  sleep(1),  asyncio.gather(a, b)  Promise.all([a, b])",
  datetime: "datetime.now() is written  new Date()",
  os: 'os.environ is written  process.env;  files are read by  import fs from "node:fs"',
  sys: "sys.argv is written  process.argv,  sys.exit()  process.exit()",
  np: NUMPY,
  numpy: NUMPY,
  plt: "matplotlib does not exist here: run.plot() plots a run, vegaLite(spec) anything",
  pd: "pandas does not exist here: run.table() is the table of a run",
  RE: "make a RunEngine first:  const RE = createRunEngine()",
  runs: KEPT_RUNS,
  db: KEPT_RUNS,
  catalog: KEPT_RUNS,
  wait_for_idle: WAITING,
};

const TEXT_MEMBERS: Readonly<Record<string, string>> = {
  upper: "upper() is written  toUpperCase()",
  lower: "lower() is written  toLowerCase()",
  strip: "strip() is written  trim()",
  lstrip: "lstrip() is written  trimStart()",
  rstrip: "rstrip() is written  trimEnd()",
  startswith: "startswith(...) is written  startsWith(...)",
  endswith: "endswith(...) is written  endsWith(...)",
  find: "find(...) is written  indexOf(...)",
  isdigit: "isdigit() is written  /^\\d+$/.test(text)",
  join: 'join belongs to the list:  list.join(", ")',
  format: "format(...) is written as a template:  `at $\u007bx} K`",
  len: "the length is  text.length",
};
const LIST_MEMBERS: Readonly<Record<string, string>> = {
  append: "append(x) is written  push(x)",
  extend: "extend(list) is written  push(...list)",
  insert: "insert(i, x) is written  splice(i, 0, x)",
  remove: "remove(x) is written  splice(list.indexOf(x), 1)",
  index: "index(x) is written  indexOf(x)",
  count: "count(x) is written  filter((each) => each === x).length",
  copy: "copy() is written  slice()",
  clear: "clear() is written  list.length = 0",
  len: "the length is  list.length",
  size: "the length is  list.length",
  shape: "the length is  list.length",
  sum: "sum() is written  reduce((a, b) => a + b, 0)",
  mean: "mean() is written  reduce((a, b) => a + b, 0) / list.length",
  max: "max() is written  Math.max(...list)",
  min: "min() is written  Math.min(...list)",
  tolist: "tolist() is written  [...list]",
};
const ANY_MEMBERS: Readonly<Record<string, string>> = {
  items: "items() is written  Object.entries(x)",
  keys: "keys() is written  Object.keys(x)",
  values: "values() is written  Object.values(x)",
  has_key: "has_key(k) is written  k in x",
  __init__: "super().__init__(...) is written  super(...)",
  __class__: "__class__ is written  constructor",
  __dict__: "__dict__ is written  Object.entries(x)",
  wait_for_idle: WAITING,
};
const MAP_MEMBERS: Readonly<Record<string, string>> = {
  items: "items() is written  entries()",
  has_key: "has_key(k) is written  has(k)",
};
const DEVICE_MEMBERS: Readonly<Record<string, string>> = {
  move: "a move is written  await motor.set(5),  in a plan  yield* mv(motor, 5)",
  mv: "a move is written  await motor.set(5),  in a plan  yield* mv(motor, 5)",
  wait: "waiting is written  await:  await motor.set(5)",
  get: "the value is read by  await signal.getValue(),  in a plan  yield* rd(signal)",
  put: "a value is set by  await signal.set(5),  in a plan  yield* mv(signal, 5)",
  wait_for_connection: "devices are connected by  await initDevices({ motor })",
};

/** Whether the type that a message names is a text or a list. */
const TEXT = /^(?:string|"[^"]*"|`.*`)$/;
const LIST = /\[\]$|^\[|^(?:Float|Int|Uint)\d+Array\b|^Array</;

/** A member that does not exist, unless the compiler knows the right one. */
const member: AdviceRule = ({ message, word, before }) => {
  if (/^This expression is not callable/.test(message) && /\.length\(\s*$/.test(`${before}${word}(`))
    return "the length is a member, without brackets:  list.length";
  const [, type = ""] = /^Property '[^']+' does not exist on type '([\s\S]*?)'\./.exec(message) ?? [];
  if (type === "" || !/^\w+$/.test(word)) return undefined;
  if (/^(?:Readonly)?Map</.test(type) && Object.hasOwn(MAP_MEMBERS, word)) return MAP_MEMBERS[word];
  const forType = TEXT.test(type) ? TEXT_MEMBERS : LIST.test(type) ? LIST_MEMBERS : DEVICE_MEMBERS;
  const isDevice = forType !== DEVICE_MEMBERS || /Signal|Motor|Movable|Device|Status|Drivable|Positioner/.test(type);
  const known = isDevice && Object.hasOwn(forType, word) ? forType[word] : undefined;
  const isMapLike = TEXT.test(type) || LIST.test(type);
  return known ?? (Object.hasOwn(ANY_MEMBERS, word) && !isMapLike ? ANY_MEMBERS[word] : undefined);
};

/** A call with more arguments is not written anew in an advice. */
const MAX_ARGUMENTS = 20;

/** `name=value` among the arguments of a call. */
function namedArgument({ word, offset, cell }: CodePlace, value: string): string {
  const found = argumentAt(cell, offset);
  const general = `TypeScript has no arguments by name: give ${word} in its place or in an object of options`;
  if (!found || found.call.args.length > MAX_ARGUMENTS) return general;
  const { callee, name, args } = found.call;
  if (callee === "dict") return `dict(${word}=${value}) is written  { ${word}: ${value} }`;
  if (callee === "print") return "print(...) is written  console.log(...)";
  const named = args.filter(({ text }) => /^\w+\s*=(?![=>])/.test(text));
  const given = args.filter((arg) => !named.includes(arg)).map(({ text }) => text);
  if (named.length === 1 && word === "num") {
    return `TypeScript has no arguments by name: give num in its place:  ${name}(${[...given, value].join(", ")})`;
  }
  const options = named.map(({ text }) =>
    text.replace(/\s*=\s*/, ": ").replace(/[\s\S]+/, (text) => inTypeScript(text)),
  );
  return `TypeScript has no arguments by name: give options in an object:  ${name}(${[...given, `{ ${options.join(", ")} }`].join(", ")})`;
}

/** A name that nothing declares. */
const unknownName: AdviceRule = (place) => {
  const { message, word, before, after, line } = place;
  if (!/^Cannot find (?:name|namespace)|only refers to a type/.test(message)) return undefined;
  if (/ would have declared it, but failed\.$/.test(message)) return undefined;
  const several = /^\s*(\w+(?:\s*,\s*\w+)+)\s*=(?![=>])\s*([^;]+)/.exec(line);
  if (several?.[1] && !/[([{]/.test(before)) return severalNames(several[1], several[2] ?? "");
  const annotated = /^\s*(\w+)\s*:\s*(\w+)\s*=\s*(.+)$/.exec(line);
  if (annotated?.[2] === word && before.trim() === `${annotated[1]}:`) {
    const types: Readonly<Record<string, string>> = { int: "number", float: "number", str: "string", bool: "boolean" };
    return `a variable is declared  const ${annotated[1]}: ${types[word] ?? word} = ${inTypeScript(annotated[3] ?? "")}`;
  }
  const assigned = new RegExp(`^${escaped(word)}\\s*=(?![=>])\\s*([^;]*)`).exec(after);
  if (assigned && /[(,]\s*$/.test(before)) {
    return namedArgument(place, argumentAt(place.cell, place.offset) ? namedValue(place) : "...");
  }
  if (assigned && /(?:^|[;{}])\s*$/.test(before)) {
    const value = inTypeScript(assigned[1] ?? "");
    return `declare the name first:  const ${word} = ${value}  (let instead of const, if it changes later)`;
  }
  const [, rest] = /^for\s*\(\s*$/.test(before.trimStart()) ? (/^\w+\s*(=|in|of)/.exec(after) ?? []) : [];
  if (rest !== undefined)
    return `declare the name of the loop:  for (${rest === "=" ? "let" : "const"} ${word} ${rest} ...`;
  const changed = new RegExp(`^${escaped(word)}\\s*(?:\\+\\+|--|[-+*/]=)`).test(after);
  if (changed) return `declare the name first:  let ${word} = 0`;
  return Object.hasOwn(NAMES, word) ? NAMES[word] : undefined;
};

/** The text behind `name=` in the argument that begins at the place. */
function namedValue({ cell, offset }: CodePlace): string {
  const found = argumentAt(cell, offset);
  return found?.call.args[found.index]?.text.replace(/^\w+\s*=\s*/, "") ?? "...";
}

/** `a, b = 1, 2` */
function severalNames(names: string, values: string): string {
  const given = values.includes(",") && !/^[[(]/.test(values.trim()) ? `[${values.trim()}]` : inTypeScript(values);
  return `several names are declared  const [${names}] = ${given}`;
}

/** Operators that Python has for texts and lists. */
const operator: AdviceRule = ({ message, code, word, line, after }) => {
  if (code === 17006) return "say which comes first:  (-2) ** 2  or  -(2 ** 2)";
  if (code === 2695 && /^\s*\w+(?:\s*,\s*\w+)+\s*=(?![=>])/.test(line)) {
    const [, names = "", values = ""] = /^\s*(\w+(?:\s*,\s*\w+)+)\s*=\s*([^;]+)/.exec(line) ?? [];
    return `several names are assigned  [${names}] = [${values.trim()}]`;
  }
  if (code === 2362 && /^["'`]/.test(word)) {
    const rest = after.slice(word.length);
    const percent = /^\s*%\s*(\([^)]*\)|[\w.$()]+)/.exec(rest);
    if (percent?.[1]) return `a string with values is written  ${percentTemplate(word, percent[1])}`;
    const times = /^\s*\*\s*([\w.]+)/.exec(rest);
    if (times?.[1]) return `a repeated text is written  ${word}.repeat(${times[1]})`;
  }
  const [, item, times] = /^\[([^,\]]*)\]\s*\*\s*([\w.]+)/.exec(after) ?? [];
  if (code === 2362 && item !== undefined) return `a list of one value is written  Array(${times}).fill(${item})`;
  return /^Operator '\+' cannot be applied to types '[^']*\[\]' and '[^']*\[\]'/.test(message)
    ? "lists are joined by  [...a, ...b]"
    : undefined;
};

/** A number or name in quotes. */
const quoted: AdviceRule = ({ message, word }) =>
  /^Argument of type '(?:string|"[^"]*")' is not assignable to parameter of type 'number/.test(message) &&
  /^(["'`])\s*-?\d[\d.e-]*\s*\1$/.test(word)
    ? `a number is written without quotes:  ${word.slice(1, -1).trim()}`
    : undefined;

/** `const lines = !command` that is no command: it is not alone in its line, or no such program exists. */
export const shellOutput: AdviceRule = ({ message, word, before }) => {
  const isName = /^Cannot find name/.test(message) && !message.includes("Did you mean");
  if (!isName && !/ expected\.$/.test(message)) return undefined;
  const found = /^(.*)=\s*!(?:([\w./-]+)\s+)?$/.exec(before);
  if (found === null) return undefined;
  const [, start = "", command] = found;
  if (command === undefined && !isName) return undefined;
  if (command === undefined && /^\s*(?:(?:const|let|var)\s+)?[\w$]+\s*$/.test(start))
    return `${word} is neither a name of the notebook nor a program that the shell finds`;
  return `a command of the shell stands in a line of its own:  const lines = !${command ?? word}`;
};

export const PYTHON_NAMES: readonly AdviceRule[] = [shellOutput, unknownName, member, operator, quoted];

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
