/** What our rules say of a sound description in which something was changed. */
import { parseDescription } from "../../../../lib/secop/description/parseDescription";
import { DESCRIPTION } from "../../../support/scriptedNode";

export const { m } = DESCRIPTION.modules;

/** With other properties of its module, or of the node. */
export const problemsOf = (module: object, node: object = {}): readonly string[] =>
  parseDescription({ ...DESCRIPTION, ...node, modules: { m: { ...m, ...module } } }).problems;

/** With one accessible more or another. */
export const withAccessible = (name: string, json: object): readonly string[] =>
  problemsOf({ accessibles: { ...m.accessibles, [name]: { description: "d", readonly: true, ...json } } });
