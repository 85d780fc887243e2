import { expect } from "chai";
import fc from "fast-check";
import { parseDescription } from "../../lib/secop/description/parseDescription";
import { simulate } from "../../lib/sim/simulate";
import { realDescription, realDescriptions } from "../descriptions/descriptions";
import { failure } from "../support/failure";
import { LineClient } from "./server/lineClient";

describe("simulate", () => {
  for (const [name, description] of realDescriptions) {
    it(`answers as the node "${name}" is described: every parameter is read, every writable takes its own value back`, async () => {
      const node = await simulate(description, { speed: 100 });
      const client = await LineClient.open(node.port);
      try {
        expect(JSON.parse((await client.ask("describe")).slice("describing . ".length))).to.deep.equal(description);
        for (const [specifier, readonly] of parametersOf(description)) {
          const reply = await client.ask(`read ${specifier}`);
          expect(reply).to.match(/^reply /);
          if (readonly) continue;
          const value = JSON.stringify(JSON.parse(reply.slice(reply.indexOf("[")))[0]);
          expect(await client.ask(`change ${specifier} ${value}`)).to.match(/^changed /);
        }
      } finally {
        client.close();
        await node.close();
      }
    });
  }

  it("moves a Drivable: busy before changed, then at its target and idle", async () => {
    const node = await simulate(realDescription("cryo"), { speed: 20 });
    const client = await LineClient.open(node.port);
    client.send("activate", "change cryo:target 12");
    expect((await client.until("changed")).some((line) => line.startsWith("update cryo:status [[300,"))).to.equal(true);
    expect((await client.until("update cryo:status [[100,")).at(-2)).to.match(/^update cryo:value \[12,/);
    client.close();
    await node.close();
  });

  it("is busy for a while after go", async () => {
    const node = await simulate(realDescription("acquisition"), { speed: 20 });
    const client = await LineClient.open(node.port);
    client.send("activate control", "do control:go");
    expect((await client.until("done")).some((line) => line.startsWith("update control:status [[300,"))).to.equal(true);
    await client.until("update control:status [[100,");
    client.close();
    await node.close();
  });

  it("accepts the description as text, and refuses other texts", async () => {
    const node = await simulate(JSON.stringify(realDescription("cryo")));
    expect(node.description.equipment_id).to.equal("cryo_7.frappy.demo");
    await node.close();
    const marked = await simulate(`\ufeff${JSON.stringify(realDescription("cryo"))}`);
    expect(marked.description).to.deep.equal(realDescription("cryo"));
    await marked.close();
    for (const none of ["{", "[]", null, {}, { modules: 3 }]) {
      expect(
        await simulate(none).then(
          () => "",
          (error) => error.name,
        ),
      ).to.equal("UsageError");
    }
  });

  it("takes the description of a connected node, and its JSON, as well", async () => {
    const json = { equipment_id: "e", description: "d", modules: { m: { accessibles: {} } } };
    const parsed = parseDescription(json);
    for (const form of [json, JSON.stringify(json), parsed, JSON.parse(JSON.stringify(parsed))]) {
      const node = await simulate(form);
      expect(node.description).to.deep.equal(json);
      await node.close();
    }
  });

  it("refuses a description without modules", async () => {
    for (const empty of [{ modules: {} }, {}, "{}", parseDescription({ modules: {} })]) {
      expect((await failure(simulate(empty))).message).to.equal(
        "this is not a description of a SEC node: it has no modules",
      );
    }
  });

  it("survives any description", async () => {
    const name = fc.oneof(fc.constantFrom("value", "status", "target", "go", "stop", "__proto__", "a b"), fc.string());
    const datainfo = fc.oneof(
      fc.constantFrom(
        { type: "double", min: 5 },
        { type: "command" },
        { type: "enum", members: {} },
        { type: "tuple", members: [{ type: "enum", members: { a: 100, b: 300 } }, { type: "string" }] },
        { type: "array", minlen: 1e12, members: { type: "bool" } },
        { type: "int", min: "x" },
      ),
      fc.jsonValue(),
    );
    const accessible = fc.record({ datainfo, readonly: fc.boolean(), constant: fc.jsonValue() }, { requiredKeys: [] });
    const module = fc.record({ accessibles: fc.dictionary(name, accessible) }, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(name, fc.oneof(module, fc.jsonValue()), { minKeys: 1, maxKeys: 4 }),
        async (modules) => {
          const node = await simulate({ modules });
          const client = await LineClient.open(node.port);
          client.send("activate", "do value:go", "change value:target 1");
          await client.until("active");
          expect(await client.until("error_")).to.have.length.greaterThan(0);
          client.close();
          await node.close();
        },
      ),
      { numRuns: 60 },
    );
  });
});

function parametersOf(description: Record<string, unknown>): [specifier: string, readonly: boolean][] {
  const modules = description.modules as Record<string, { accessibles: Record<string, Record<string, unknown>> }>;
  return Object.entries(modules).flatMap(([module, { accessibles }]) =>
    Object.entries(accessibles)
      .filter(([, { datainfo }]) => (datainfo as { type: string }).type !== "command")
      .map(([name, accessible]): [string, boolean] => [`${module}:${name}`, accessible.readonly !== false]),
  );
}
