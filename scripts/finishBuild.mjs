/** What the build does after the compiler: each step is a script of its own, which says why. */

import { run } from "./python.mjs";

for (const step of ["lazyChapters", "joinedLibrary", "libraryNames", "plotFonts"]) {
  run(process.execPath, [`scripts/${step}.mjs`]);
}
