/** `demo.cryo.reset`, as one would type it: a node is usually in a variable of its name. */
export function memberPath(...[node = "", ...members]: readonly (string | undefined)[]): string {
  const isIdentifier = (name: string) => /^[A-Za-z_$][\w$]*$/.test(name);
  const steps = members.map((name = "") => (isIdentifier(name) ? `.${name}` : `[${JSON.stringify(name)}]`));
  return (isIdentifier(node) ? node : "node") + steps.join("");
}
