/** The generated part of a class file: a class for each shape of module, and the class of the node. */

import type { ModuleDescription, NodeDescription } from "../secop/description/description";
import { moduleNames } from "../secop/description/memberName";
import { nodeProperties } from "../secop/description/properties";
import {
  BASE_NAMES,
  baseNameOf,
  type ClassText,
  type MemberTypeName,
  memberTypeName,
  moduleClass,
  propertyMembers,
} from "./moduleClass";
import { ownPropertiesJson, propertiesJson, shapeJson } from "./moduleShape";
import { docComment, memberKey, pascalCase, quotedJson, stringLiteral } from "./sourceText";

const TYPE_IMPORTS: readonly ("ModuleTable" | MemberTypeName)[] = [
  "Command",
  "Command0",
  "ModuleTable",
  "SignalR",
  "SignalRW",
];

/**
 * Names that no class of the file may have: imported names, and globals that its code uses before or after
 * compiling.
 */
const TAKEN: readonly string[] = [
  ...BASE_NAMES,
  ...TYPE_IMPORTS,
  "TypedNode",
  ...[
    "Array",
    "BigInt",
    "Boolean",
    "Error",
    "Function",
    "JSON",
    "Map",
    "Number",
    "Object",
    "Promise",
    "Proxy",
    "Record",
  ],
  ...["Reflect", "RegExp", "Set", "String", "Symbol", "WeakMap"],
  ...["BigInt64Array", "BigUint64Array", "Float32Array", "Float64Array", "Int8Array", "Int16Array", "Int32Array"],
  ...["Uint8Array", "Uint16Array", "Uint32Array"],
];

/** The name of the node class for a file name without directory and `.ts`: `CryoNode` for "cryo". */
export const nodeClassName = (name: string): string => `${pascalCase(name, "N")}Node`;

/** The name and the file of a node class. */
export interface NodeClassOptions {
  readonly className: string;
  /** The path of the file for messages, relative to the working directory. */
  readonly file: string;
}

/** The TypeScript source of a class file. Equal descriptions and options give equal texts. */
export function nodeClass(node: NodeDescription, { className, file }: NodeClassOptions): string {
  const modules = [...node.modules.values()];
  const classes = moduleClasses(modules, className);
  const names = moduleNames(node.modules.keys());
  const properties = nodeProperties(node);
  const of = (module: ModuleDescription) => classes.byModule.get(module) ?? "ModuleDevice";
  const lines = [
    ...imports(modules),
    classes.text,
    ...docComment(node.description || node.equipment_id, ""),
    `export class ${className} extends TypedNode {`,
    `  static override readonly equipmentId: string = ${stringLiteral(node.equipment_id)};`,
    `  static override readonly classFile: string = ${stringLiteral(file)};`,
    `  static override readonly propertiesJson: string = ${quotedJson(propertiesJson(Object.fromEntries(properties)))};`,
    ...modules.flatMap((module) => [
      ...docComment(module.description, "  "),
      `  declare readonly ${memberKey(names.get(module.name)?.member ?? module.name)}: ${of(module)};`,
    ]),
    ...propertyMembers(properties, names),
    "  static override readonly table: ModuleTable = [",
    ...modules.map(
      (module) =>
        `    [${stringLiteral(module.name)}, ${of(module)}, ${of(module)}_, ${quotedJson(ownPropertiesJson(module))}],`,
    ),
    "  ];",
    "}",
  ];
  return lines.map((line) => (line.endsWith("\n") || line === "" ? line : `${line}\n`)).join("");
}

function imports(modules: readonly ModuleDescription[]): string[] {
  const values = [...new Set(["TypedNode", ...modules.map(baseNameOf)])].sort();
  const members = new Set(modules.flatMap((module) => Array.from(module.accessibles.values(), memberTypeName)));
  // Properties become read-only signals.
  members.add("SignalR");
  const types = TYPE_IMPORTS.filter((name) => name === "ModuleTable" || members.has(name));
  const names = [...values, ...types.map((name) => `type ${name}`)];
  return [`import { ${names.join(", ")} } from "secop-lab";`];
}

/** The source of the classes of modules, and the name of the class of each. */
interface ModuleClasses {
  readonly text: string;
  readonly byModule: ReadonlyMap<ModuleDescription, string>;
}

/** The classes of modules. Modules of the same shape share one. */
function moduleClasses(modules: readonly ModuleDescription[], className: string): ModuleClasses {
  const names = new ClassNames(className);
  const byShape = new Map<string, string>();
  const byModule = new Map<ModuleDescription, string>();
  const parts: string[] = [];
  for (const module of modules) {
    const text = moduleClass(module);
    const shape = shapeJson(module);
    const key = `${text.heritage}\n${text.body}\n${shape}`;
    const known = byShape.get(key);
    const name = known ?? names.take(module);
    byModule.set(module, name);
    if (known !== undefined) continue;
    byShape.set(key, name);
    parts.push(classSource(name, module, text, shape));
  }
  return { text: parts.join(""), byModule };
}

function classSource(name: string, module: ModuleDescription, { heritage, body }: ClassText, shape: string): string {
  const kind = `${module.implementation ?? "module"} (${module.interface_classes.join(", ") || "no interface class"})`;
  const lines = [
    ...docComment(kind.replace(/\s+/g, " "), ""),
    `export class ${name} extends ${heritage} {\n${body}}`,
    `const ${name}_ = ${quotedJson(shape)};`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/**
 * Chooses class names by the implementation if the node declares one, else by the module. Each name is used
 * once.
 */
class ClassNames {
  readonly #taken: Set<string>;

  constructor(className: string) {
    this.#taken = new Set([...TAKEN, className]);
  }

  take(module: ModuleDescription): string {
    const own = pascalCase(module.name, "M");
    const kind = module.implementation?.split(".").at(-1);
    const first = kind === undefined ? own : pascalCase(kind, "M");
    const candidates = [first, `${first}${own}`];
    const free = candidates.find((name) => !this.#taken.has(name)) ?? this.#numbered(`${first}${own}`);
    this.#taken.add(free);
    return free;
  }

  #numbered(name: string): string {
    let n = 2;
    while (this.#taken.has(`${name}${n}`)) n += 1;
    return `${name}${n}`;
  }
}
