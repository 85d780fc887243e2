/** `secop-lab generate`: a class file from a node, or from a saved answer to `describe`. */

import { relative } from "node:path";
import { type ClassFileOptions, generateClasses } from "../../lib/index";

export async function generate(source: string, options: ClassFileOptions): Promise<void> {
  console.log(relative(process.cwd(), await generateClasses(source, options)));
}
