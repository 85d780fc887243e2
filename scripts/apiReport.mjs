/**
 * Compares the exported names and signatures of the package with docs/api/secop-lab.api.md; `npm run api`
 * (--write) renews that file.
 */

import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { run } from "./python.mjs";
import { setUp } from "./setup.mjs";

const report = "docs/api/secop-lab.api.md";
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
const config = ExtractorConfig.loadFileAndPrepare(resolve("api-extractor.json"));
mkdirSync(config.reportFolder, { recursive: true });
const { apiReportChanged, errorCount } = Extractor.invoke(config, {
  localBuild: isWriting,
  messageCallback: (message) => {
    // Suppress the tool's own message about a changed report, which the one below replaces.
    if (message.category === "console") message.handled = true;
  },
});
if (apiReportChanged && isWriting) console.log(`${report} was renewed. Its diff is the change of the public API.`);
if (apiReportChanged && !isWriting) {
  console.error(
    `The public API differs from ${report}. Run npm run api and commit the file if the change is intended.`,
  );
}
if (errorCount > 0 || (apiReportChanged && !isWriting)) process.exit(1);
