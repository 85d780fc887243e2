/** TypeScript to JavaScript, one text at a time, by swc. */

import type { Output, ReactConfig, Options as SwcOptions } from "@swc/core";
import { CONTEXT, type Compiled, IMPORT_MARK } from "../modules/moduleLoader";
import type { CompilerOptions } from "../modules/workspace";
import { parse } from "./parser";
import { EditedText, type TextEdit } from "./textEdits";

export interface Transformed {
  readonly code: string;
  /** Makes the source map, as JSON. It is made on demand, because most code never throws. */
  map(): string;
}

/** @param fileName Says by its extension whether there may be JSX. */
export function transform(text: string, fileName: string, options: CompilerOptions): Transformed {
  const run = (sourceMaps: boolean): Output => {
    const { transformSync } = require("@swc/core") as typeof import("@swc/core");
    return transformSync(text, { ...swcOptions(fileName, options), filename: fileName, sourceMaps });
  };
  return { code: run(false).code, map: () => run(true).map ?? "" };
}

function swcOptions(fileName: string, options: CompilerOptions): SwcOptions {
  const isCell = fileName.startsWith("cell.");
  const isLegacy = options.experimentalDecorators === true;
  return {
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

function reactOptions({ jsx, jsxImportSource }: CompilerOptions): ReactConfig {
  const runtime = jsx === "react" ? "classic" : "automatic";
  return typeof jsxImportSource === "string" ? { runtime, importSource: jsxImportSource } : { runtime };
}

/** A file of the workspace as the CommonJS text that the module loader executes. */
export function compileSource(text: string, file: string, options: CompilerOptions): Compiled {
  const source = new EditedText(text, importEdits(text, file));
  const { code, map } = transform(source.text, `file.${file.endsWith("x") ? "tsx" : "ts"}`, options);
  const imports = new Set<string>();
  for (const [, id] of code.matchAll(/\brequire\("import:((?:[^"\\]|\\.)*)"\)/g)) imports.add(JSON.parse(`"${id}"`));
  return { js: code, map, imports: [...imports], source };
}

/** Marks what is imported, and makes `import()` and `import.meta` members of the object given to the code. */
function importEdits(text: string, file: string): TextEdit[] {
  const { module } = parse(text, file.endsWith("x") ? "tsx" : "ts");
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
  return [...marks.values(), ...dynamic, ...metas];
}
