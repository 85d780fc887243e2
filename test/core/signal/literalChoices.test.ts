import { expect } from "chai";
import { type SignalR, type SignalRW, softSignalRAndSetter, softSignalRw } from "../../../lib/core";
import { errorText } from "../../../lib/errors";

describe("choices of soft signals", () => {
  it("are the type of the signal, given as a type or as a list", async () => {
    const valve = softSignalRw<"Open" | "Closed">("Closed");
    valve satisfies SignalRW<"Open" | "Closed">;
    // @ts-expect-error there is no such word
    () => valve.set("Opne");
    // @ts-expect-error there is no such word
    () => softSignalRw<"Open" | "Closed">("Opne");
    const listed = softSignalRw("Closed", { choices: ["Open", "Closed"] });
    listed satisfies SignalRW<"Open" | "Closed">;
    const word: "Open" | "Closed" = await listed.getValue();
    const byContext: SignalRW<"a" | "b"> = softSignalRw("a");
    expect([word, await byContext.getValue()]).to.deep.equal(["Closed", "a"]);
    softSignalRw("any") satisfies SignalRW<string>;
    await softSignalRw(0).set(5);
    await softSignalRw(false).set(true);
  });

  it("are checked when the program runs", async () => {
    const valve = softSignalRw("Closed", { choices: ["Open", "Closed"], name: "valve" });
    // @ts-expect-error there is no such word
    const error = await valve.set("Opne").catch(errorText);
    expect(error).to.equal("cannot set valve to Opne: use Open, Closed");
    // @ts-expect-error the first value is none of the choices
    expect(() => softSignalRw("Opne", { choices: ["Open", "Closed"], name: "valve" })).to.throw(
      "valve cannot be Opne: use Open, Closed",
    );
  });

  it("are checked where the owner of a read-only signal sets it", async () => {
    const [shown, show] = softSignalRAndSetter("Closed", { choices: ["Open", "Closed"], name: "valve" });
    shown satisfies SignalR<"Open" | "Closed">;
    show("Open");
    // @ts-expect-error there is no such word
    expect(() => show("Opne")).to.throw("valve cannot be Opne: use Open, Closed");
    expect(await shown.getValue()).to.equal("Open");
    const [, typed] = softSignalRAndSetter<"Open" | "Closed">("Closed");
    // @ts-expect-error there is no such word
    () => typed("Opne");
    const [count, setCount] = softSignalRAndSetter(0, { units: "counts" });
    count satisfies SignalR<number>;
    setCount(7);
    expect(await count.getValue()).to.equal(7);
  });

  it("are checked where a setter or getter gives the value", async () => {
    type Position = "Open" | "Closed";
    const wrong = "Half" as Position;
    const set = softSignalRw("Closed", { choices: ["Open", "Closed"], name: "valve", setter: () => wrong });
    expect(await set.set("Open").catch(errorText)).to.equal("valve cannot be Half: use Open, Closed");
    const slow = softSignalRw("Closed", { choices: ["Open", "Closed"], name: "valve", setter: async () => wrong });
    expect(await slow.set("Open").catch(errorText)).to.equal("valve cannot be Half: use Open, Closed");
    const got = softSignalRw("Closed", { choices: ["Open", "Closed"], name: "valve", getter: () => wrong });
    expect(() => got.getValue()).to.throw("valve cannot be Half: use Open, Closed");
  });
});
