/** The part of a cell that the layers get: its declarations, each with a type that can be written down. */

import type { CellName } from "./cellDeclarations";
import type { CellText } from "./cellText";
import type { LayerItem } from "./layers";

const LONGEST = 2000;
/** Generic parameters, and types of the library that have no value of the same name. */
const KNOWN_TYPES: ReadonlySet<string> = new Set(
  "ArrayBufferLike ArrayLike AsyncDisposable AsyncGenerator AsyncIterable AsyncIterableIterator AsyncIterator Awaited Capitalize ConstructorParameters Disposable Exclude Extract Generator InstanceType IterableIterator Iterator Lowercase NodeJS NonNullable Omit Parameters Partial Pick PromiseLike PropertyKey Readonly ReadonlyArray ReadonlyMap ReadonlySet Record RegExpExecArray RegExpMatchArray Required ReturnType TemplateStringsArray ThisType Uncapitalize Uppercase ArrayIterator MapIterator SetIterator StringIterator ClassMethodDecoratorContext A B C D E F I K N O P R S T U V W X Y Z".split(
    " ",
  ),
);

/** The names that an `export * from` brings. */
export interface StarItem {
  readonly from: string;
  readonly names: readonly string[];
}

/**
 * @param names The names that the cell has left, which are fewer than it declares if it threw.
 * @param types The types of variables, as far as they are known.
 * @param isKnown Whether a type of that name is one of the notebook.
 */
export function layerItems(
  source: CellText,
  cell: string,
  names: ReadonlySet<string>,
  types: ReadonlyMap<string, string>,
  isKnown: (name: string) => boolean,
  stars: readonly StarItem[],
): LayerItem[] {
  const items: LayerItem[] = [];
  const { tsx } = source;
  const wholes = new Set<string>();
  const together = byWhole(source.declared);
  for (const declared of source.declared) {
    const { name, whole, comment } = declared;
    if (!names.has(name)) continue;
    // A pattern declares all its names at once, so that they go in together where one has no type that can be
    // written.
    const bound = whole === undefined ? [declared] : (together.get(whole) ?? []);
    const texts = bound.map((other) => other.source ?? variable(other, types.get(other.name), isKnown));
    const text = texts[bound.indexOf(declared)];
    if (texts.every((each) => each !== undefined)) items.push({ names: [name], source: comment + text, tsx, cell });
    else if (whole === undefined) items.push({ names: [name], source: `export declare let ${name}: any;`, tsx, cell });
    else if (!wholes.has(whole)) {
      // The declaration with its initialiser is right by construction, but is checked again with each change
      // of its layer.
      wholes.add(whole);
      const left = bound.map((other) => other.name).filter((other) => names.has(other));
      items.push({ names: left, source: comment + whole, tsx, cell });
    }
  }
  for (const { name, local, from, isType } of source.exported) {
    if (!names.has(name) || !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) || name === local) continue;
    const type = isType ? "type " : "";
    const text =
      from === undefined
        ? `export ${type}{${local} as ${name}};`
        : `import ${type}${local === undefined ? `* as ${name}` : `{${local} as ${name}}`} from ${JSON.stringify(from)};export {${name}};`;
    items.push({ names: [name], source: text, tsx, cell });
  }
  for (const { from, names: exported } of stars) {
    items.push({ names: exported, source: `export * from ${JSON.stringify(from)};`, star: true, tsx, cell });
  }
  if (source.augments !== undefined) items.push({ names: [], source: source.augments.source, tsx, cell });
  return items;
}

/** The names that each declaration declares. */
function byWhole(names: readonly CellName[]): ReadonlyMap<string, readonly CellName[]> {
  const together = new Map<string, CellName[]>();
  for (const name of names) {
    if (name.whole === undefined) continue;
    const others = together.get(name.whole);
    if (others === undefined) together.set(name.whole, [name]);
    else others.push(name);
  }
  return together;
}

function variable(
  declared: CellName,
  found: string | undefined,
  isKnown: (name: string) => boolean,
): string | undefined {
  const { name, kind, literal, whole } = declared;
  const word = kind === "variable" ? "let" : "const";
  // A literal without a type keeps being of its wider type where it is assigned from.
  if (literal !== undefined) return `export declare const ${name} = ${literal};`;
  const type = declared.type ?? found;
  if (type === undefined) return undefined;
  if (declared.type === undefined && !isWritable(type, isKnown)) return undefined;
  const isConst = whole !== undefined && /\bas\b|<const>|\bsatisfies\b/.test(whole);
  if (word === "const" && declared.type === undefined && !isConst && LITERAL_TYPE.test(type)) {
    return `export declare const ${name} = ${type};`;
  }
  return `export declare ${word} ${name}: ${type};`;
}

const LITERAL_TYPE = /^(?:"(?:[^"\\]|\\.)*"|-?\d[\d.e+]*n?|true|false)$/;

/**
 * Whether a type's text means the same elsewhere: not that of local and anonymous classes, unique symbols,
 * whole modules.
 */
function isWritable(type: string, isKnown: (name: string) => boolean): boolean {
  if (type.length > LONGEST || /\btypeof (?!import)|\btypeof import\("[^"]*"\)(?!\.)|\bunique symbol\b/.test(type))
    return false;
  const bare = type.replace(
    /import\("[^"]*"\)\.[\p{ID_Continue}$.]+|"(?:[^"\\]|\\.)*"|[\p{ID_Continue}$]+\??(?=[:(])/gu,
    "",
  );
  if (/\(anonymous|\b__\w+|\.\.\.(?! |[\w$]+:)/.test(bare)) return false;
  const named = bare.match(/(?<![.\p{ID_Continue}$])[A-Z][\p{ID_Continue}$]*/gu) ?? [];
  return named.every((name) => name in globalThis || KNOWN_TYPES.has(name) || isKnown(name));
}

/** The source of a declaration with its imports as the compiler must see them. */
export function withSpecifiers(source: string, specifiers: ReadonlyMap<string, string>): string {
  if (specifiers.size === 0) return source;
  return source.replace(
    /(\bfrom\s*|\bimport\s*\(\s*|\brequire\s*\(\s*)("[^"\n]+"|'[^'\n]+')/g,
    (whole, before: string, quoted: string) => {
      const written = specifiers.get(quoted.slice(1, -1));
      return written === undefined ? whole : before + JSON.stringify(written);
    },
  );
}
