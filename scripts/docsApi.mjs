/** The pages of the API, made from the source by TypeDoc, with examples that the tests compile. */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Application, Comment, CommentTag, Converter, ReflectionKind } from "typedoc";
import { declaredNames, examplesByName } from "./docsExamples.mjs";

/** Entries by the heading of their page. */
const ENTRIES = {
  engine: "lib/engine/index.ts",
  plans: "lib/plans/index.ts",
  devices: "lib/devices/index.ts",
  core: "lib/core/index.ts",
  live: "lib/live/index.ts",
  store: "lib/store/index.ts",
  sim: "lib/sim/index.ts",
  codegen: "lib/codegen/index.ts",
  secop: "lib/secop/index.ts",
  epics: "lib/epics/index.ts",
  tango: "lib/tango/index.ts",
  display: "lib/display/index.ts",
  errors: "lib/errors.ts",
  notebook: "lib/notebook.ts",
  testing: "lib/testing/index.ts",
  kernel: "kernel/index.ts",
};

/** Writes a page for each folder of the library. */
export async function writeApiPages(folder) {
  const app = await Application.bootstrapWithPlugins({
    plugin: ["typedoc-plugin-markdown"],
    entryPoints: Object.values(ENTRIES),
    tsconfig: "tsconfig.build.json",
    skipErrorChecking: true,
    disableSources: true,
    excludeInternal: true,
    excludePrivate: true,
    excludeProtected: false,
    excludeReferences: true,
    excludeExternals: true,
    readme: "none",
    logLevel: "Error",
    sort: ["kind", "alphabetical"],
    outputFileStrategy: "modules",
    hideBreadcrumbs: true,
    hidePageHeader: true,
    useCodeBlocks: true,
    parametersFormat: "table",
    interfacePropertiesFormat: "table",
    expandObjects: false,
    expandParameters: true,
    disableGit: true,
    gitRevision: "main",
    sourceLinkTemplate: "{path}",
  });
  const examples = examplesByName();
  // The library calls it `Event_2` inside, since JavaScript has an Event of its own.
  examples.set("Event", examples.get("DocumentTypes"));
  const known = new Set([...declaredNames().keys(), "Event"]);
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    for (const reflection of context.project.getReflectionsByKind(ReflectionKind.All)) {
      const inNamespace = reflection.parent?.kindOf?.(ReflectionKind.Namespace);
      if (!inNamespace && !reflection.parent?.kindOf?.(ReflectionKind.Module)) continue;
      // lib/errors.ts has names that only the library itself uses.
      if (reflection.parent.name === "lib/errors" && !known.has(reflection.name)) {
        context.project.removeReflection(reflection);
        continue;
      }
      const { name, parent } = reflection;
      const example = inNamespace
        ? (examples.get(`${parent.name}.${name}`) ?? examples.get(parent.name))
        : examples.get(name);
      if (!example) continue;
      for (const shown of reflection.signatures ?? [reflection]) {
        shown.comment ??= new Comment();
        shown.comment.blockTags.push(
          new CommentTag("@example", [{ kind: "code", text: `\`\`\`ts\n${example}\n\`\`\`` }]),
        );
      }
    }
  });
  const project = await app.convert();
  if (!project) throw new Error("TypeDoc could not read the source");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await app.outputs.writeOutput({ name: "markdown", path: folder }, project);
  titled(folder);
}

/**
 * Headings as readers know them (`core` for lib/core), and no `<` of a docstring that VitePress would take
 * for an element.
 */
function titled(folder) {
  for (const file of readdirSync(folder, { recursive: true }).map(String)) {
    if (!file.endsWith(".md")) continue;
    const path = join(folder, file);
    const text = readFileSync(path, "utf8").replace(/^# (?:lib\/)?(.*)$/m, "# API: $1");
    const parts = text.split(/(^```[\s\S]*?^```$|`[^`\n]*`)/m);
    const escaped = parts.map((part, index) =>
      index % 2 === 1 ? part : part.replace(/(?<!\\)<(?!a id=|\/a>|br)/g, "&lt;").replaceAll("{{", "&#123;&#123;"),
    );
    writeFileSync(path, escaped.join(""));
  }
}
