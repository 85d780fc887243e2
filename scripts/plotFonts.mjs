/**
 * After the build, copies the two fonts of pictures of plots into it: their package has sixteen more, in 8 MB
 * that nobody needs to install.
 */

import { copyFileSync, mkdirSync } from "node:fs";
import { basename, join } from "node:path";

const FONTS = "node_modules/@expo-google-fonts/inter";
const FOLDER = "dist/lib/live/plot/fonts";

mkdirSync(FOLDER, { recursive: true });
for (const file of ["400Regular/Inter_400Regular.ttf", "500Medium/Inter_500Medium.ttf", "LICENSE_FONT"]) {
  copyFileSync(join(FONTS, file), join(FOLDER, basename(file)));
}
