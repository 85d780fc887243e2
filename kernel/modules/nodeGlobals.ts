/**
 * Declares globals that Node has and Node's types lack, unless the workspace asks for the library of
 * browsers, which has them.
 */

const CRYPTO = 'import("node:crypto").webcrypto';

/** Classes that Node's types declare in a module only, or that are younger than the types. */
const CLASSES: Readonly<Record<string, string>> = {
  Crypto: `declare var Crypto: ${CRYPTO}.CryptoConstructor; type Crypto = ${CRYPTO}.Crypto;`,
  CryptoKey: `declare var CryptoKey: ${CRYPTO}.CryptoKeyConstructor; type CryptoKey = ${CRYPTO}.CryptoKey;`,
  SubtleCrypto: `declare var SubtleCrypto: { prototype: SubtleCrypto }; type SubtleCrypto = ${CRYPTO}.SubtleCrypto;`,
  Performance:
    'declare var Performance: { prototype: Performance }; type Performance = import("node:perf_hooks").Performance;',
  navigator: `interface Navigator { readonly hardwareConcurrency: number; readonly language: string; readonly languages: readonly string[];
    readonly platform: string; readonly userAgent: string }
    declare var Navigator: { prototype: Navigator }; declare var navigator: Navigator;`,
  CloseEvent: `interface CloseEventInit { code?: number; reason?: string; wasClean?: boolean }
    declare class CloseEvent extends Event { constructor(type: string, init?: CloseEventInit);
      readonly code: number; readonly reason: string; readonly wasClean: boolean }`,
  URLPattern: `interface URLPatternInit { protocol?: string; username?: string; password?: string; hostname?: string;
      port?: string; pathname?: string; search?: string; hash?: string; baseURL?: string }
    interface URLPatternOptions { ignoreCase?: boolean }
    interface URLPatternPart { readonly input: string; readonly groups: Record<string, string | undefined> }
    interface URLPatternResult { readonly inputs: readonly (string | URLPatternInit)[]; readonly protocol: URLPatternPart;
      readonly username: URLPatternPart; readonly password: URLPatternPart; readonly hostname: URLPatternPart;
      readonly port: URLPatternPart; readonly pathname: URLPatternPart; readonly search: URLPatternPart;
      readonly hash: URLPatternPart }
    declare class URLPattern { constructor(input?: string | URLPatternInit, options?: URLPatternOptions);
      constructor(input: string | URLPatternInit, baseURL: string, options?: URLPatternOptions);
      test(input?: string | URLPatternInit, baseURL?: string): boolean;
      exec(input?: string | URLPatternInit, baseURL?: string): URLPatternResult | null;
      readonly protocol: string; readonly username: string; readonly password: string; readonly hostname: string;
      readonly port: string; readonly pathname: string; readonly search: string; readonly hash: string;
      readonly hasRegExpGroups: boolean }`,
};

/** After the WebAssembly JavaScript Interface, https://webassembly.github.io/spec/js-api/ */
const WEB_ASSEMBLY = `declare namespace WebAssembly {
  type ValueType = "anyfunc" | "externref" | "f32" | "f64" | "i32" | "i64" | "v128";
  type ExternalKind = "function" | "global" | "memory" | "table" | "tag";
  type Bytes = ArrayBufferView | ArrayBuffer;
  type ImportValue = ((...values: any[]) => unknown) | Global | Memory | Table | number | bigint;
  type Imports = Record<string, Record<string, ImportValue>>;
  /** The exports of an instance: functions, memories, tables and globals, by name. */
  type Exports = Record<string, any>;
  interface ModuleExportDescriptor { readonly name: string; readonly kind: ExternalKind }
  interface ModuleImportDescriptor { readonly module: string; readonly name: string; readonly kind: ExternalKind }
  interface MemoryDescriptor { initial: number; maximum?: number; shared?: boolean }
  interface TableDescriptor { element: "anyfunc" | "externref"; initial: number; maximum?: number }
  interface GlobalDescriptor { value: ValueType; mutable?: boolean }
  interface WebAssemblyInstantiatedSource { readonly module: Module; readonly instance: Instance }
  class Module {
    constructor(bytes: Bytes);
    static exports(module: Module): ModuleExportDescriptor[];
    static imports(module: Module): ModuleImportDescriptor[];
    static customSections(module: Module, name: string): ArrayBuffer[];
    private readonly module;
  }
  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Exports;
  }
  class Memory {
    constructor(descriptor: MemoryDescriptor);
    readonly buffer: ArrayBuffer;
    /** Adds pages of 64 KiB. Returns how many there were before. */
    grow(pages: number): number;
  }
  class Table {
    constructor(descriptor: TableDescriptor, value?: any);
    readonly length: number;
    get(index: number): any;
    set(index: number, value?: any): void;
    grow(elements: number, value?: any): number;
  }
  class Global {
    constructor(descriptor: GlobalDescriptor, value?: any);
    value: any;
    valueOf(): any;
  }
  class CompileError extends Error { constructor(message?: string, options?: ErrorOptions) }
  class LinkError extends Error { constructor(message?: string, options?: ErrorOptions) }
  class RuntimeError extends Error { constructor(message?: string, options?: ErrorOptions) }
  /** Whether the bytes are a valid module. */
  function validate(bytes: Bytes): boolean;
  function compile(bytes: Bytes): Promise<Module>;
  function compileStreaming(source: Response | PromiseLike<Response>): Promise<Module>;
  function instantiate(bytes: Bytes, imports?: Imports): Promise<WebAssemblyInstantiatedSource>;
  function instantiate(module: Module, imports?: Imports): Promise<Instance>;
  function instantiateStreaming(source: Response | PromiseLike<Response>, imports?: Imports): Promise<WebAssemblyInstantiatedSource>;
}
`;

/** Parts of the language's library that a Node of our range may lack, each with whether this one has it. */
const YOUNG_LIBS: readonly (readonly [lib: string, isThere: boolean])[] = [
  ["esnext.disposable", "DisposableStack" in globalThis],
  ["es2024.string", "isWellFormed" in String.prototype],
  ["es2024.object", "groupBy" in Object],
  ["es2024.collection", "groupBy" in Map],
  ["es2024.promise", "withResolvers" in Promise],
  ["es2024.arraybuffer", "transfer" in ArrayBuffer.prototype],
  ["es2024.sharedmemory", "waitAsync" in Atomics],
  ["es2025.collection", "union" in Set.prototype],
  ["es2025.iterator", "Iterator" in globalThis],
  ["es2025.promise", "try" in Promise],
  ["es2025.float16", "Float16Array" in globalThis],
  ["esnext.array", "fromAsync" in Array],
  ["esnext.error", "isError" in Error],
];

/** The parts of the language's library that this Node has beyond that of Node 20's level. */
export function youngLibs(): string[] {
  return YOUNG_LIBS.filter(([, isThere]) => isThere).map(([lib]) => lib);
}

/** @param libs The libraries that the compiler loads. */
export function nodeGlobals(libs: readonly string[]): string {
  if (libs.some((lib) => /^(?:dom|webworker)(?:\.|$)/i.test(lib))) return "";
  const found = Object.entries(CLASSES).flatMap(([name, text]) => (name in globalThis ? [text] : []));
  return `${WEB_ASSEMBLY}${found.join("\n")}\n`;
}
