/** A process that writes five events of a run and then loops for ever, for tests that kill it. */

import { writeSync } from "node:fs";
import { RunFiles } from "../../../lib/store/files/runFiles";
import { testRun } from "../../support/runDocuments";

const files = new RunFiles(process.argv[2]);
const run = testRun({ det: {} });
files.receive("start", run.start);
files.receive("descriptor", run.descriptor);
for (let i = 1; i <= 5; i++) files.receive("event", run.event(i, { det: i }));
writeSync(1, "written\n");
for (;;);
