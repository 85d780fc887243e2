/**
 * Compares the exported names and signatures of the package's entries with docs/api/*.api.md; `npm run api`
 * (--write) renews these files.
 */

import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { run } from "./python.mjs";
import { setUp } from "./setup.mjs";

/** The file with the declarations of each entry, by the name of its report. */
const entries = {
  "secop-lab": "lib/index.d.ts",
  "secop-lab-kernel": "kernel/index.d.ts",
  "secop-lab-testing": "lib/testing/index.d.ts",
};
const isWriting = process.argv.includes("--write");
if (isWriting) setUp();
// It is not imported at the top, because `setUp` may have to install it first.
const { Extractor, ExtractorConfig } = await import("@microsoft/api-extractor");
// Declarations are made from scratch, since an incremental build may change the order of the members of a
// union.
const declarations = "test-output/api/declarations";
rmSync(declarations, { recursive: true, force: true });
const tsc = ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", "--emitDeclarationOnly"];
run(process.execPath, [...tsc, "--outDir", declarations, "--tsBuildInfoFile", `${declarations}/.tsbuildinfo`]);
let isDifferent = false;
for (const [name, file] of Object.entries(entries)) if (!compare(name, file)) isDifferent = true;
if (isDifferent) process.exit(1);

/** Compares one report, or writes it. @returns whether it is as it should be */
function compare(name, file) {
  const configObjectFullPath = resolve("api-extractor.json");
  const configObject = ExtractorConfig.loadFile(configObjectFullPath);
  configObject.mainEntryPointFilePath = `<projectFolder>/${declarations}/${file}`;
  configObject.apiReport.reportFileName = name;
  const config = ExtractorConfig.prepare({
    configObject,
    configObjectFullPath,
    packageJsonFullPath: resolve("package.json"),
  });
  mkdirSync(config.reportFolder, { recursive: true });
  const { apiReportChanged, errorCount } = Extractor.invoke(config, {
    localBuild: isWriting,
    messageCallback: (message) => {
      // Suppress the tool's own message about a changed report, which the one below replaces.
      if (message.category === "console") message.handled = true;
    },
  });
  const report = `docs/api/${name}.api.md`;
  if (apiReportChanged && isWriting) {
    console.log(`${report} was renewed. Its diff is the change of the public API.`);
  } else if (apiReportChanged) {
    console.error(
      `The public API differs from ${report}. Run npm run api and commit the file if the change is intended.`,
    );
  }
  return errorCount === 0 && (isWriting || !apiReportChanged);
}
