/** Compares our rules with a second implementation of them, on sound descriptions that were then damaged. */

import { expect } from "chai";
import fc from "fast-check";
import { parseDescription } from "../../../../lib/secop/description/parseDescription";
import { realDescriptions } from "../../../descriptions/descriptions";
import { CASES_TIMEOUT_MS, cases } from "../../../support/fuzz";
import { SOUND } from "./sound";
import { conforms } from "./specification";

type Path = readonly (string | number)[];

/** Every place in a JSON value. */
function places(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, part]) => places(part, [...path, key]));
  return [path, ...inner];
}

const junk = fc.oneof(
  fc.constantFrom(null, true, false, 0, 1, -1, 0.5, 2, 51, 1e9, "", "x", "_x", "double", "Readable", "Drivable", "K"),
  fc.constantFrom(
    "wr-",
    "self",
    "temperature",
    "%.3f",
    "<u4",
    "a b",
    "cryo",
    [],
    {},
    [1],
    ["x"],
    { x: 1 },
    { x: "cryo" },
  ),
  fc.constantFrom<unknown>(
    { type: "bool" },
    { type: "double" },
    { type: "command" },
    { type: "enum", members: { a: 1 } },
  ),
  fc.jsonValue({ maxDepth: 1 }),
);

type Harm = { at: number } & ({ do: "replace"; by: unknown } | { do: "remove" } | { do: "rename"; to: string });

const harm: fc.Arbitrary<Harm> = fc.oneof(
  fc.record({ do: fc.constant("replace" as const), at: fc.nat(), by: junk }),
  fc.record({ do: fc.constant("remove" as const), at: fc.nat() }),
  fc.record({
    do: fc.constant("rename" as const),
    at: fc.nat(),
    to: fc.constantFrom(
      "_mine",
      "mine",
      "value",
      "VALUE",
      "stop",
      "go",
      "target_max",
      "ramp_enable",
      "min",
      "a b",
      "goal",
    ),
  }),
);

const PLACES = places(SOUND).slice(1);

function harmed(harms: readonly Harm[]): unknown {
  const root: unknown = structuredClone(SOUND);
  for (const one of harms) {
    const path = PLACES[one.at % PLACES.length] ?? [];
    const holder = path
      .slice(0, -1)
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | null)?.[key], root);
    const key = path.at(-1) ?? "";
    // An earlier damage may have removed this place.
    if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, key)) continue;
    if (one.do === "replace") (holder as Record<string, unknown>)[key] = one.by;
    else if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else {
      const { [key]: moved, ...rest } = holder as Record<string, unknown>;
      for (const name of Object.keys(holder)) delete (holder as Record<string, unknown>)[name];
      Object.assign(holder, rest, one.do === "rename" && { [one.to]: moved });
    }
  }
  return root;
}

describe("the rules of descriptions and a second judge", () => {
  it("agree on a node that uses all of SECoP", () => {
    expect(parseDescription(SOUND).problems).to.deep.equal([]);
    expect(conforms(SOUND)).to.equal(true);
  });

  for (const [name, description] of realDescriptions) {
    it(`agree on the real node "${name}"`, () => {
      expect(parseDescription(description).problems.length === 0).to.equal(conforms(description));
    });
  }

  it("agree on damaged descriptions", () => {
    let [bad, all] = [0, 0];
    fc.assert(
      fc.property(fc.array(harm, { minLength: 1, maxLength: 3 }), (harms) => {
        const description = harmed(harms);
        const { problems } = parseDescription(description);
        all += 1;
        if (problems.length > 0) bad += 1;
        expect(problems.length === 0, problems.join("; ")).to.equal(conforms(description));
      }),
      cases(3000),
    );
    expect(bad / all, "neither judge says the same always").to.be.within(0.4, 0.98);
  }).timeout(CASES_TIMEOUT_MS);
});
