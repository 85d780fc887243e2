/** Modules whose code was stopped while they were loaded. */

/**
 * Forgets the CommonJS modules that were not loaded to their end when code was stopped: Node keeps them with
 * the exports that they had by then. The next import loads them anew. Call it when no module is being loaded.
 */
export function forgetUnfinishedModules(): void {
  for (const [file, module] of Object.entries(require.cache)) {
    if (module && !module.loaded && module !== require.main) delete require.cache[file];
  }
}
