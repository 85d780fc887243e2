/**
 * Opens the workspace's own files in the compiler: each version under a name of its own, with imports of such
 * names.
 */

import path from "node:path";
import type { SourceResolver } from "../modules/sourceResolver";
import { unversioned } from "../modules/sourceVersions";
import { withoutGenerated } from "./generatedPart";
import type { LanguageServer } from "./languageServer";
import { NestedTooDeep } from "./nesting";
import { parse, sourceLanguage } from "./parser";
import { EditedText, type TextEdit } from "./textEdits";

function references(files: Iterable<string>): string {
  return [...files].map((file) => `/// <reference path=${JSON.stringify(file)} />\n`).join("");
}

const TYPE_IMPORT = /\bimport\s*\(\s*(?:"([^"\n]+)"|'([^'\n]+)')/g;

export class SourceTexts {
  readonly #server: LanguageServer;
  readonly #resolver: SourceResolver;
  readonly #texts = new Map<string, EditedText>();
  readonly #ambientFile: string;

  constructor(server: LanguageServer, resolver: SourceResolver) {
    this.#server = server;
    this.#resolver = resolver;
    this.#ambientFile = resolver.cellFile("__ambient.d");
    server.write(this.#ambientFile, references([]));
  }

  /** Opens the file that `id` leads to. Returns how `from` writes it for the compiler, if not as it is. */
  open(id: string, from: string): string | undefined {
    const { ambient } = this.#resolver;
    const before = ambient.size;
    const written = this.#resolver.specifier(id, from);
    if (ambient.size !== before) this.#server.write(this.#ambientFile, references(ambient));
    const found = written === undefined ? undefined : this.#resolver.resolve(id, from)?.resolvedFileName;
    if (found !== undefined && this.#resolver.versions.text(found) !== undefined) this.#openFile(found);
    return written;
  }

  /** Opens everything anew when it is imported again: its imports may lead elsewhere. */
  forget(): void {
    this.#texts.clear();
  }

  /** The text of a versioned file, as the compiler sees it. */
  text(file: string): EditedText {
    return this.#texts.get(file) ?? new EditedText(this.#resolver.versions.text(file) ?? "", []);
  }

  /**
   * A type's text with paths that lead to their files: the compiler leaves extensions out, also those it
   * needs.
   */
  resolvable(type: string): string {
    return type.replace(/import\("((?:[^"\\]|\\.)*~\d+)"\)/g, (whole, file: string) => {
      const extension = [".mts", ".cts", ".d.mts", ".d.cts"].find((each) => this.#texts.has(file + each));
      return extension === undefined ? whole : `import("${file}${extension.replace(".d", "").replace("ts", "js")}")`;
    });
  }

  #openFile(file: string): void {
    if (this.#texts.has(file)) return;
    const text = this.#resolver.versions.text(file) ?? "";
    // Set before what it imports is opened: files may import each other in a circle.
    this.#texts.set(file, new EditedText(text, []));
    const edits = file.endsWith(".json") ? [] : this.#checkedEdits(text, file);
    const edited = new EditedText(text, edits);
    this.#texts.set(file, edited);
    this.#server.write(file, edited.text);
  }

  #checkedEdits(text: string, file: string): TextEdit[] {
    try {
      return this.#edits(text, file);
    } catch (error) {
      // It is not open, so that the next import fails in the same way.
      this.#texts.delete(file);
      const isHere = error instanceof NestedTooDeep && error.place === undefined;
      throw isHere ? new NestedTooDeep(path.basename(unversioned(file))) : error;
    }
  }

  #edits(text: string, file: string): TextEdit[] {
    const own = withoutGenerated(text);
    const { module } = parse(own.text, /\.d\.[mc]?ts$/.test(file) ? "dts" : sourceLanguage(file));
    const spans = new Map<number, { readonly start: number; readonly end: number }>();
    const add = (span: { start: number; end: number } | null): void => {
      if (span !== null && /^["']/.test(own.text[span.start] ?? "")) spans.set(span.start, span);
    };
    for (const { moduleRequest } of module.staticImports) add(moduleRequest);
    for (const { entries } of module.staticExports) for (const { moduleRequest } of entries) add(moduleRequest);
    for (const { moduleRequest } of module.dynamicImports) add(moduleRequest);
    for (const { index, 0: whole, 1: double, 2: single } of own.text.matchAll(TYPE_IMPORT)) {
      const end = index + whole.length;
      add({ start: end - (double ?? single ?? "").length - 2, end });
    }
    return [...spans.values()].flatMap((span) => {
      const written = this.open(own.text.slice(span.start + 1, span.end - 1), file);
      const start = own.toOriginal(span.start);
      const end = start + span.end - span.start;
      return written === undefined ? [] : [{ start, end, text: JSON.stringify(written) }];
    });
  }
}
