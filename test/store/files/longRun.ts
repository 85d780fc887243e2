/** A run of 200 events, for tests with a disk that is too small for them. */

import { RunFiles } from "../../../lib/store/files/runFiles";
import { play, testRun } from "../../support/runDocuments";

void play(
  new RunFiles(process.argv[2]).receive,
  testRun({ det: {} }),
  Array.from({ length: 200 }, (_, det) => ({ det })),
);
console.log("the run went on to its end");
