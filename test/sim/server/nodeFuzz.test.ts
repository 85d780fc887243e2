import { expect } from "chai";
import fc from "fast-check";
import { parseMessage } from "../../../lib/secop/wire/secopMessage";
import { typesModule } from "../../../lib/sim/modules/typesModule";
import type { ModuleFactory } from "../../../lib/sim/node/moduleDefinition";
import { SimulatedNode } from "../../../lib/sim/node/simulatedNode";
import { ClientSession } from "../../../lib/sim/server/clientSession";
import { CASES_TIMEOUT_MS, cases } from "../../support/fuzz";

const actions = fc.constantFrom(
  ...["*IDN?", "describe", "activate", "deactivate", "ping", "read", "change", "do", "check", "logging", "help", "foo"],
);
const specifiers = fc.oneof(
  fc.constantFrom("", ".", "types", "types:", ":", "types:_int", "types:_struct", "types:__proto__", "__proto__:value"),
  fc.constantFrom("types:_double", "types:_blob", "types:_enum", "types:_array", "types:constructor", "types:_broken"),
  fc.string(),
);
const data = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.constantFrom("NaN", "1e999", "-Infinity", '{"__proto__": {"polluted": 1}}', "99999999999999999999", "{", "null"),
  fc.string(),
);
const line = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(actions, specifiers, data).map((parts) => parts.join(" ")) },
  { weight: 1, arbitrary: fc.tuple(actions, specifiers).map((parts) => parts.join(" ")) },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }).map((text) => text.replaceAll("\n", "")) },
);

describe("a simulated node that is sent anything", () => {
  it("answers every line with SECoP messages, and does not change", () => {
    const modules: [string, ModuleFactory][] = [["types", typesModule]];
    const node = new SimulatedNode({ modules, identity: "ISSE,SECoP,,v2.0", description: { equipment_id: "fuzzed" } });
    const described = JSON.stringify(node.description);
    const answers: string[] = [];
    const session = new ClientSession(node, (answer) => answers.push(answer));
    fc.assert(
      fc.property(line, (request) => {
        answers.length = 0;
        session.handle(request);
        expect(answers, request).to.not.deep.equal([]);
        for (const answer of answers) {
          expect(answer).to.match(/^[ -~]+$/);
          parseMessage(answer);
        }
        expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
      }),
      cases(5000),
    );
    expect(JSON.stringify(node.description)).to.equal(described);
    session.close();
  }).timeout(CASES_TIMEOUT_MS);
});
