/** Makes the namespaces of native `import()` agree with the types of CommonJS packages. */

export type Namespace = Readonly<Record<string, unknown>>;

/**
 * The namespace of a CommonJS module. Node finds its names by scanning its text, which misses some. Node also
 * uses the whole module as the default export, while the types of a compiled ES module mean its member
 * `default`.
 */
export function completeNamespace(loaded: Namespace): Namespace {
  const whole = loaded.default;
  if (!isCommonJs(loaded, whole)) return loaded;
  const compiled = whole.__esModule === true && "default" in whole;
  const missed = Object.keys(whole).filter((name) => !(name in loaded));
  if (missed.length === 0 && !compiled) return loaded;
  const complete: Record<string, unknown> = Object.create(null);
  const define = (name: string, get: () => unknown): void => {
    Object.defineProperty(complete, name, { enumerable: true, configurable: true, get });
  };
  for (const name of Object.keys(loaded)) define(name, () => loaded[name]);
  for (const name of missed) define(name, () => whole[name]);
  if (compiled) define("default", () => whole.default);
  return complete;
}

/**
 * Whether the default export is the module itself: it must have all exports, since an ES module may have a
 * default object, too.
 */
function isCommonJs(loaded: Namespace, whole: unknown): whole is Record<string, unknown> {
  if (whole === null || (typeof whole !== "object" && typeof whole !== "function")) return false;
  return Object.keys(loaded).every(
    (name) =>
      name === "default" ||
      name === "module.exports" ||
      (name in whole && Object.is((whole as Namespace)[name], loaded[name])),
  );
}
