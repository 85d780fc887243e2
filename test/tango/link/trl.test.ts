/** Tests of the addresses of Tango devices, attributes and commands. */

import { expect } from "chai";
import {
  databasesOf,
  deviceTrl,
  memberTrl,
  parseAttribute,
  parseDevice,
  parseMember,
} from "../../../lib/tango/link/trl";

describe("addresses of Tango", () => {
  const before = process.env.TANGO_HOST;
  afterEach(() => {
    if (before === undefined) delete process.env.TANGO_HOST;
    else process.env.TANGO_HOST = before;
  });

  it("name a device in a database, in the database of TANGO_HOST, or in a server without a database", () => {
    process.env.TANGO_HOST = "first:10000,second:20000";
    const device = { device: "lab/psu/1", database: true };
    expect(parseDevice("Lab/PSU/1")).to.deep.equal({ ...device, host: "first", port: 10_000 });
    expect(parseDevice("tango://db:10001/lab/psu/1")).to.deep.equal({ ...device, host: "db", port: 10_001 });
    const direct = { ...device, database: false, host: "::1", port: 45_678 };
    expect(parseDevice("tango://[::1]:45678/lab/psu/1#dbase=no")).to.deep.equal(direct);
    expect(deviceTrl(direct)).to.equal("tango://[::1]:45678/lab/psu/1#dbase=no");
    expect(parseMember("tango://db:1/a/b/c/Current#dbase=no").member).to.equal("Current");
    expect(memberTrl(direct, "Current")).to.equal("tango://[::1]:45678/lab/psu/1/Current#dbase=no");
    expect(parseMember(memberTrl(direct, "Current"))).to.deep.equal({ device: direct, member: "Current" });
  });

  it("may leave out tango:, and name devices and attributes by their aliases", () => {
    const at = { host: "db", port: 10_001, database: true };
    expect(parseDevice("//db:10001/lab/psu/1")).to.deep.equal({ ...at, device: "lab/psu/1" });
    expect(parseDevice("tango://db:10001/PSU")).to.deep.equal({ ...at, device: "PSU" });
    expect(parseMember("//db:10001/PSU/Current")).to.deep.equal({
      device: { ...at, device: "PSU" },
      member: "Current",
    });
    const alias = parseAttribute("//db:10001/psu-current");
    expect(alias).to.deep.equal({ device: { ...at, device: "" }, member: "psu-current" });
    expect(memberTrl(alias.device, alias.member)).to.equal("tango://db:10001/psu-current");
    expect(() => parseDevice("//db:10001/PSU#dbase=no")).to.throw("a device is a/b/c");
    expect(() => parseMember("//db:10001/psu-current")).to.throw("an attribute or command is a/b/c/name");
  });

  it("are refused with a message that says what to write", () => {
    delete process.env.TANGO_HOST;
    const nowhere = parseDevice("lab/psu/1");
    expect(deviceTrl(nowhere)).to.equal("lab/psu/1");
    expect(() => databasesOf(nowhere)).to.throw(
      'cannot use "lab/psu/1": no database is known: set TANGO_HOST to host:port',
    );
    process.env.TANGO_HOST = "host";
    expect(() => parseDevice("lab/psu/1")).to.throw('TANGO_HOST is "host", which is not host:port');
    expect(() => parseDevice("tango://db:1/lab/psu")).to.throw("a device is a/b/c");
    expect(() => parseDevice("tango://db:99999/a/b/c")).to.throw("99999 is not a port number");
    expect(() => parseDevice("a/b/c#dbase=no")).to.throw("the server must be named");
    expect(() => parseMember("tango://db:1/a/b/c")).to.throw("an attribute or command is a/b/c/name");
    for (const text of ["", "tango://", "a//c", "tango://db:1//b/c", "a b/c/d"])
      expect(() => parseDevice(text), text).to.throw('cannot use "');
  });
});
