import { expect } from "chai";
import fc from "fast-check";
import { formatJson, parseJson, parseRoundedJson } from "../lib/json";
import { CASES_TIMEOUT_MS, cases } from "./support/fuzz";

/** The result of JSON.parse, with the integers that it rounded as bigints. */
function exact(value: unknown): unknown {
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21) {
    return BigInt(String(value));
  }
  if (Array.isArray(value)) return value.map(exact);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, exact(member)]));
}

const jsonText = fc.jsonValue().map((value) => JSON.stringify(value));

describe("json", () => {
  it("agrees with JSON.parse except for integers that JSON.parse rounds", () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        expect(parseJson(text)).to.deep.equal(exact(JSON.parse(text)));
        expect(parseRoundedJson(text)).to.deep.equal(JSON.parse(text));
      }),
      cases(3000),
    );
  }).timeout(CASES_TIMEOUT_MS);

  it("gives every value back, as one line of ASCII", () => {
    fc.assert(
      fc.property(jsonText, (given) => {
        const text = formatJson(parseJson(given));
        expect(text).to.match(/^[ -~]*$/);
        expect(parseJson(text)).to.deep.equal(parseJson(given));
      }),
      cases(3000),
    );
  }).timeout(CASES_TIMEOUT_MS);

  it("never loses a digit of an integer", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }), fc.string(), (big, text) => {
        const [value, same] = parseJson(formatJson([big, text])) as [number | bigint, string];
        expect(BigInt(value)).to.equal(big);
        expect(same).to.equal(text);
      }),
      cases(3000),
    );
    expect(parseJson("[1152921504606846977, {}]")).to.deep.equal([2n ** 60n + 1n, {}]);
    expect(parseJson("-9007199254740993")).to.equal(-9007199254740993n);
  });

  it("keeps floats of 17 digits floats", () => {
    expect(parseJson("[9.581737240073947, 1795325308.2592304, 1e400, 1234567890123456.5]")).to.deep.equal([
      9.581737240073947,
      1795325308.2592304,
      Number.POSITIVE_INFINITY,
      1234567890123456.5,
    ]);
  });

  it("reads the NaN and Infinity tokens of Python, but not inside strings", () => {
    expect(parseJson('[NaN, Infinity, -Infinity, "NaN \\" Infinity, 12345678901234567890", {"t": NaN}]')).to.deep.equal(
      [
        Number.NaN,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
        'NaN " Infinity, 12345678901234567890',
        { t: Number.NaN },
      ],
    );
    expect(() => parseJson("[NaNa]")).to.throw(SyntaxError);
    expect(() => parseJson('["NaN')).to.throw(SyntaxError);
  });

  it("keeps __proto__ a plain key", () => {
    for (const text of ['{"__proto__": {"polluted": 1}}', '{"__proto__": {"polluted": 12345678901234567890}}']) {
      expect(Object.hasOwn(parseJson(text) as object, "__proto__")).to.equal(true);
    }
    expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
  });
});
