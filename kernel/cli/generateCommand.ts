/** `secop-lab generate`: writes a class file from a node, or from a saved reply to `describe`. */

import { relative } from "node:path";
import { type ClassFileOptions, generateClasses } from "../../lib/index";

/** Writes the file and prints its path. */
export async function generate(source: string, options: ClassFileOptions): Promise<void> {
  console.log(relative(process.cwd(), await generateClasses(source, options)));
}
