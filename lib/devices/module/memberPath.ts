/** The expression that reaches a member of a node, as a user would type it. */

/**
 * For example `demo.cryo.reset`. A node is assumed to be in a variable of its name; else `node` is written.
 */
export function memberPath(...[node = "", ...members]: readonly (string | undefined)[]): string {
  const isIdentifier = (name: string) => /^[A-Za-z_$][\w$]*$/.test(name);
  const steps = members.map((name = "") => (isIdentifier(name) ? `.${name}` : `[${JSON.stringify(name)}]`));
  return (isIdentifier(node) ? node : "node") + steps.join("");
}
