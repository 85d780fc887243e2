import { inspect } from "node:util";
import { expect } from "chai";
import { Device, DeviceVector, initDevices, type SignalRW, softSignalRw } from "../../../lib/core";

class Channel extends Device {
  readonly T = softSignalRw(4.2);
}

class Lakeshore extends Device {
  readonly temp = new DeviceVector([new Channel(), new Channel()]);
  readonly heater = new DeviceVector({ 1: new Channel(), 4: new Channel() });
  readonly inputs = new DeviceVector(Array.from({ length: 3 }, () => new Channel()));
  readonly typed: DeviceVector<Channel> = new DeviceVector({ 1: new Channel() });
}

describe("types of a DeviceVector", () => {
  it("know the members that are listed, and that others may be undefined", async () => {
    const { ls } = await initDevices({ ls: new Lakeshore() });
    ls.temp[0].T satisfies SignalRW<number>;
    ls.heater[4].T satisfies SignalRW<number>;
    for (const [number, channel] of ls.temp) {
      number satisfies number;
      channel.T satisfies SignalRW<number>;
    }
    // @ts-expect-error it has two members
    expect(() => ls.temp[9].T).to.throw("ls-temp has no member 9: it has 0, 1");
    // @ts-expect-error its members are 1 and 4
    expect(() => ls.heater[2].T).to.throw("ls-heater has no member 2: it has 1, 4");
    // @ts-expect-error the number of members is not known
    expect(ls.inputs[2].T.name).to.equal("ls-inputs-2-T");
    // @ts-expect-error the numbers of the members are not known
    expect(() => ls.typed[2].T).to.throw("ls-typed has no member 2: it has 1");
    expect(ls.inputs[1]?.T.name).to.equal("ls-inputs-1-T");
    expect(9 in ls.temp).to.equal(false);
  });

  it("let a class extend it", () => {
    class Bank extends DeviceVector<Channel> {
      readonly gain = softSignalRw(1);
    }
    const bank = new Bank([new Channel()], "bank");
    expect([bank.size, bank[0]?.T.name, bank.gain.name]).to.deep.equal([1, "bank-0-T", "bank-gain"]);
    expect(() => bank[1]).to.throw("bank has no member 1: it has 0");
    expect(inspect(new DeviceVector([new Channel()], "v"))).to.equal('DeviceVector "v"');
  });
});
