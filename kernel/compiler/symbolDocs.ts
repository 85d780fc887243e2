/** The language server's help for a name: its signature and its JSDoc, as Markdown. */

/** Markdown in an answer of the server. */
export type Markup = string | { readonly value: string };

export function markdownOf(markup: Markup | undefined): string {
  return typeof markup === "string" ? markup : (markup?.value ?? "");
}

/** The facts about a name besides its signature, in the form of TypeScript's language service. */
export interface SymbolDocs {
  readonly documentation: string;
  readonly tags: readonly { readonly name: string; readonly text: readonly { readonly text: string }[] }[];
}

/** The signature and the documentation in the answer to a hover. */
export function partsOf(markdown: string): SymbolDocs & { readonly signature: string } {
  const [whole = "", signature = ""] = /^\s*```\w*\n([\s\S]*?)\n```\n?/.exec(markdown) ?? [];
  return { signature, ...docsOf(markdown.slice(whole.length)) };
}

/** The server writes tags as `*@param* ...`, each in a paragraph of its own. */
export function docsOf(markdown: string): SymbolDocs {
  const [documentation = "", ...tags] = markdown.split(/^\*@(?=\w+\*)/m);
  return {
    documentation: documentation.trim(),
    tags: tags.map((tag) => {
      const [, name = "", text = ""] = /^(\w+)\*(?:\s*—)?\s*([\s\S]*)$/.exec(tag) ?? [];
      return { name, text: [{ text: text.trim() }] };
    }),
  };
}

/** A signature without the import by which a name of an earlier cell reaches this one. */
export function withoutImport(signature: string): string {
  return signature.replace(/^\(alias\) /, "").replace(/\nimport [^\n]*$/, "");
}
