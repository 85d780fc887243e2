import { expect } from "chai";
import { numberStyle } from "../../../lib/devices/module/numberStyle";
import { formatValue } from "../../../lib/display/formatValue";
import { parseDatainfo } from "../../../lib/secop/values/datainfo";

const cases: [object, unknown, string][] = [
  [{ type: "double", fmtstr: "%.2f" }, 1.005e-1, "0.10"],
  [{ type: "double", fmtstr: "%.2e" }, 1.23456e-9, "1.23e-9"],
  [{ type: "double", fmtstr: "%.2e" }, 12, "1.20e1"],
  [{ type: "double", fmtstr: "%.4g" }, 0.000123456, "0.0001235"],
  [{ type: "double", fmtstr: "%.4g" }, 123456, "1.235e5"],
  [{ type: "double", fmtstr: "%.4g" }, 20, "20"],
  [{ type: "double", fmtstr: "%.3g" }, Number.NaN, "NaN"],
  [{ type: "scaled", scale: 0.01 }, 1.5, "1.50"],
  [{ type: "array", members: { type: "double", fmtstr: "%.1e" } }, new Float64Array([10, 0.2]), "[1.0e1, 2.0e-1]"],
  [{ type: "double", fmtstr: "<b>" }, 1.5, "1.5"],
];

describe("numberStyle", () => {
  for (const [json, value, text] of cases) {
    it(`writes ${value} of ${JSON.stringify(json)} as ${text}`, () => {
      expect(formatValue(value, numberStyle(parseDatainfo(json)))).to.equal(text);
    });
  }
});
