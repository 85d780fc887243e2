/** TypeScript to JavaScript, one text at a time. */

import { setImmediate as nextTurn } from "node:timers/promises";
import type { Output, Options as SwcOptions } from "@swc/core";
import type { TransformResult } from "oxc-transform";
import { CONTEXT, type Compiled, IMPORT_MARK } from "../modules/moduleLoader";
import type { CompilerOptions } from "../modules/workspace";
import { withoutDeclaredMembers, withoutGenerated } from "./generatedPart";
import { parseModule, sourceLanguage } from "./parser";
import { EditedText, type TextEdit } from "./textEdits";

export interface Transformed {
  readonly code: string;
  /** Makes the source map, as JSON. It is made on demand, because most code never throws. */
  map(): string;
}

/**
 * Compiles a cell.
 *
 * @param fileName Says by its extension whether there may be JSX.
 */
export function transform(text: string, fileName: string, options: CompilerOptions): Transformed {
  return transformByOxc(text, fileName, options) ?? transformBySwc(text, fileName, options);
}

/**
 * The syntax that only swc compiles: decorators, `accessor` and `using`. The words may also mean something
 * else.
 */
const FOR_SWC = /@[\p{ID_Start}$_(]|\b(?:accessor|using)\b/u;

let hasOxc = true;

/**
 * Most cells are compiled by oxc, which takes 20 MB of memory less than swc. Undefined for other code, and
 * where oxc is not installed: npm leaves out what it does not have for a platform.
 */
function transformByOxc(text: string, fileName: string, options: CompilerOptions): Transformed | undefined {
  const isUsual = options.experimentalDecorators !== true && options.useDefineForClassFields !== false;
  if (!hasOxc || !isUsual || FOR_SWC.test(text)) return undefined;
  try {
    const { transformSync } = require("oxc-transform") as typeof import("oxc-transform");
    const run = (sourcemap: boolean): TransformResult =>
      transformSync(fileName, text, {
        lang: sourceLanguage(fileName),
        sourceType: "module",
        target: "es2024",
        sourcemap,
        typescript: { onlyRemoveTypeImports: true },
        jsx: reactOptions(options),
      });
    const { code, errors, helpersUsed } = run(false);
    if (errors.length > 0 || Object.keys(helpersUsed).length > 0) return undefined;
    return { code, map: () => JSON.stringify(run(true).map ?? {}) };
  } catch {
    hasOxc = false;
    return undefined;
  }
}

/** Compiles a file, in a thread of Node's pool: class files of large nodes have a megabyte. */
async function transformFile(text: string, fileName: string, options: CompilerOptions): Promise<Transformed> {
  // Loading swc blocks for 15 ms, so first everything that waits in the event loop has its turn.
  await nextTurn();
  const swc = require("@swc/core") as typeof import("@swc/core");
  const settings = swcOptions(fileName, options);
  const { code } = await swc.transform(text, { ...settings, sourceMaps: false });
  return { code, map: () => swc.transformSync(text, { ...settings, sourceMaps: true }).map ?? "" };
}

function transformBySwc(text: string, fileName: string, options: CompilerOptions): Transformed {
  const run = (sourceMaps: boolean): Output => {
    const { transformSync } = require("@swc/core") as typeof import("@swc/core");
    return transformSync(text, { ...swcOptions(fileName, options), sourceMaps });
  };
  return { code: run(false).code, map: () => run(true).map ?? "" };
}

function swcOptions(fileName: string, options: CompilerOptions): SwcOptions {
  const isLegacy = options.experimentalDecorators === true;
  const isCell = fileName.startsWith("cell.");
  return {
    filename: fileName,
    swcrc: false,
    configFile: false,
    isModule: true,
    inlineSourcesContent: false,
    // Imports get real namespaces at run time, so that stand-ins for them are in the way.
    ...(isCell ? {} : { module: { type: "commonjs", importInterop: "none", ignoreDynamic: true } }),
    jsc: {
      parser: { syntax: "typescript", decorators: true, tsx: fileName.endsWith("x") },
      target: "es2024",
      transform: {
        ...(isLegacy ? { legacyDecorator: true } : { decoratorVersion: "2022-03" }),
        useDefineForClassFields: options.useDefineForClassFields !== false,
        verbatimModuleSyntax: isCell,
        react: reactOptions(options),
      },
    },
  };
}

interface JsxOptions {
  readonly runtime: "classic" | "automatic";
  readonly importSource?: string;
  /** The function that makes elements, and the one that stands for a fragment, where `runtime` is classic. */
  readonly pragma?: string;
  readonly pragmaFrag?: string;
}

function reactOptions({ jsx, jsxImportSource, jsxFactory, jsxFragmentFactory }: CompilerOptions): JsxOptions {
  if (jsx === "react") {
    return {
      runtime: "classic",
      ...(typeof jsxFactory === "string" && { pragma: jsxFactory }),
      ...(typeof jsxFragmentFactory === "string" && { pragmaFrag: jsxFragmentFactory }),
    };
  }
  return { runtime: "automatic", ...(typeof jsxImportSource === "string" && { importSource: jsxImportSource }) };
}

/** The names that code with JSX uses although they are written nowhere. */
export function namesUsedByJsx({ jsx, jsxFactory, jsxFragmentFactory }: CompilerOptions): string[] {
  if (jsx !== "react") return [];
  const functions = [jsxFactory ?? "React.createElement", jsxFragmentFactory ?? "React.Fragment"];
  return functions.map((name) => String(name).split(".", 1)[0] ?? "");
}

/** A file of the workspace as the CommonJS text that the module loader executes. */
export async function compileSource(text: string, file: string, options: CompilerOptions): Promise<Compiled> {
  const source = new EditedText(text, [...(await importEdits(text, file)), ...withoutDeclaredMembers(text)]);
  const { code, map } = await transformFile(source.text, `file.${sourceLanguage(file)}`, options);
  const imports = new Set<string>();
  for (const [, id] of code.matchAll(/\brequire\("import:((?:[^"\\]|\\.)*)"\)/g)) imports.add(JSON.parse(`"${id}"`));
  return { js: code, map, imports: [...imports], source };
}

/** Marks what is imported, and makes `import()` and `import.meta` members of the object given to the code. */
async function importEdits(text: string, file: string): Promise<TextEdit[]> {
  const own = withoutGenerated(text);
  const module = await parseModule(own.text, sourceLanguage(file));
  const exported = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest }) => moduleRequest ?? []),
  );
  const requests = [...module.staticImports.map(({ moduleRequest }) => moduleRequest), ...exported];
  const marks = new Map(requests.map(({ start }) => [start, { start: start + 1, end: start + 1, text: IMPORT_MARK }]));
  const dynamic = module.dynamicImports.map(({ start }) => ({
    start,
    end: start + "import".length,
    text: `${CONTEXT}.import`,
  }));
  const metas = module.importMetas.map(({ start, end }) => ({ start, end, text: `${CONTEXT}.meta` }));
  return [...marks.values(), ...dynamic, ...metas].map((edit) => {
    const start = own.toOriginal(edit.start);
    return { ...edit, start, end: start + edit.end - edit.start };
  });
}
