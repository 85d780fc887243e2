import { expect } from "chai";
import fc from "fast-check";
import { BadJSONError, UsageError } from "../../../lib/errors";
import { parseJson } from "../../../lib/json";
import { formatMessage, parseMessage, splitMessage } from "../../../lib/secop/wire/secopMessage";
import { CASES_TIMEOUT_MS, cases } from "../../support/fuzz";

/** A value as a node could send it: parseJson makes bigints of integers that JSON.parse would round. */
const jsonValue = fc.jsonValue().map((value) => parseJson(JSON.stringify(value)));
const word = fc.stringMatching(/^[!-~]{1,20}$/);

describe("messages", () => {
  it("come back as they were sent", () => {
    fc.assert(
      fc.property(
        word,
        fc.option(word, { nil: "" }),
        fc.option(jsonValue, { nil: undefined }),
        (action, specifier, data) => {
          const line = formatMessage(action, specifier, data);
          expect(line).to.match(/^[ -~]*$/);
          expect(parseMessage(line)).to.deep.equal({
            action,
            specifier,
            data,
          });
        },
      ),
      cases(2000),
    );
  }).timeout(CASES_TIMEOUT_MS);

  it("are read or refused, whatever the line is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.string().map((text) => `update m:p ${text}`),
        ),
        (line) => {
          const { action, specifier, json = "" } = splitMessage(line);
          expect(action + specifier).to.not.include(" ");
          expect(`${action} ${specifier} ${json}`.startsWith(line)).to.equal(true);
          try {
            parseMessage(line);
          } catch (error) {
            expect(error).to.be.instanceOf(BadJSONError);
          }
        },
      ),
      cases(5000),
    );
  }).timeout(CASES_TIMEOUT_MS);

  it("have an empty specifier between two spaces", () => {
    expect(parseMessage('pong  [null, {"t": 1}]')).to.deep.equal({
      action: "pong",
      specifier: "",
      data: [null, { t: 1 }],
    });
    expect(formatMessage("logging", "", "info")).to.equal('logging  "info"');
  });

  it("keep spaces in the data", () => {
    expect(parseMessage('update m:p ["a  b ", {}]').data).to.deep.equal(["a  b ", {}]);
  });

  it("may lack data, specifier and everything", () => {
    expect(parseMessage("active")).to.deep.equal({ action: "active", specifier: "", data: undefined });
    expect(parseMessage("active m ")).to.deep.equal({ action: "active", specifier: "m", data: undefined });
    expect(parseMessage("")).to.deep.equal({ action: "", specifier: "", data: undefined });
    expect(parseMessage("active\r").action).to.equal("active");
  });

  it("say which message has bad JSON", () => {
    expect(() => parseMessage("update m:p [1,")).to.throw(BadJSONError, 'the data of "update m:p" is not JSON: [1,');
  });

  it("cannot smuggle a second message in", () => {
    expect(() => formatMessage("read", "m:p\nchange m:p 1")).to.throw(UsageError, "printable ASCII");
    expect(() => formatMessage("read x", "m:p")).to.throw(UsageError);
    expect(formatMessage("change", "m:p", "a\nb\u2028ä")).to.equal('change m:p "a\\nb\\u2028\\u00e4"');
  });
});
