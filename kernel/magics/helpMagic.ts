/**
 * The magic behind `name?`, `?name` and `help(name)`; magicTranslator.ts expands it, since it asks the type
 * checker.
 */

import { HELP_MAGIC } from "./findMagics";
import type { LineMagic } from "./magicRegistry";

export const helpMagic: LineMagic = {
  kind: "line",
  name: HELP_MAGIC,
  usage: "NAME? or ?NAME or help(NAME)",
  help: `Shows what is known about a value, function, device, plan or magic: its type, docs, value and source place.
A name may have members: cryo.cryo.target?`,
  expressions: true,
};
