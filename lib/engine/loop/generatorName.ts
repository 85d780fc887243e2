/** Finds the name of the function that made a generator, which a generator itself does not know. */

import { Session } from "node:inspector";

const PLACE: unique symbol = Symbol.for("secop-lab.generator") as never;
const EXPRESSION = `globalThis[Symbol.for(${JSON.stringify(PLACE.description)})]`;

interface RemoteObject {
  readonly objectId?: string;
}
interface NamedProperty {
  readonly name: string;
  readonly value?: RemoteObject & { readonly value?: unknown };
}
interface Properties {
  readonly result: readonly NamedProperty[];
  readonly internalProperties?: readonly NamedProperty[];
}

/**
 * The name of the generator's function; "" if it has none. V8 reports it to debuggers only, so this takes
 * about a millisecond.
 */
export function generatorName(generator: object): string {
  const place = globalThis as { [PLACE]?: object };
  const session = new Session();
  try {
    session.connect();
    place[PLACE] = generator;
    const object = ask<{ readonly result: RemoteObject }>(session, "Runtime.evaluate", {
      expression: EXPRESSION,
    })?.result;
    const made = properties(session, object)?.internalProperties?.find(({ name }) => name === "[[GeneratorFunction]]");
    const name = properties(session, made?.value)?.result.find((property) => property.name === "name")?.value?.value;
    return typeof name === "string" ? name : "";
  } catch {
    // Another Node may have no inspector, or permit none.
    return "";
  } finally {
    delete place[PLACE];
    session.disconnect();
  }
}

function properties(session: Session, object: RemoteObject | undefined): Properties | undefined {
  if (object?.objectId === undefined) return undefined;
  return ask(session, "Runtime.getProperties", { objectId: object.objectId, ownProperties: true });
}

/** The answer of V8, which comes at once. */
function ask<R>(session: Session, method: string, params: object): R | undefined {
  let answer: R | undefined;
  session.post(method, params, (error, result) => {
    if (!error) answer = result as R;
  });
  return answer;
}
