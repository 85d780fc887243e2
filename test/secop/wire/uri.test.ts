import { expect } from "chai";
import { UsageError } from "../../../lib/errors";
import { parseUri } from "../../../lib/secop/wire/uri";

describe("addresses of nodes", () => {
  for (const [uri, transport, host, port, text] of [
    ["cryo.lab", "tcp", "cryo.lab", 10767, "cryo.lab:10767"],
    ["10.0.0.7:5000", "tcp", "10.0.0.7", 5000, "10.0.0.7:5000"],
    [" tcp://cryo:5000/ ", "tcp", "cryo", 5000, "cryo:5000"],
    ["[::1]:5000", "tcp", "::1", 5000, "[::1]:5000"],
    ["[fe80::1%eth0]", "tcp", "fe80::1%eth0", 10767, "[fe80::1%eth0]:10767"],
    ["ws://cryo", "ws", "cryo", 10767, "ws://cryo:10767"],
    ["wss://cryo/secop", "wss", "cryo", 10767, "wss://cryo:10767/secop"],
    ["WS://[::1]:8080/secop", "ws", "::1", 8080, "ws://[::1]:8080/secop"],
  ] as const) {
    it(`can be ${uri}`, () => {
      expect(parseUri(uri)).to.include({ transport, host, port, text });
      expect(parseUri(parseUri(uri).text)).to.deep.equal(parseUri(uri));
    });
  }

  for (const [uri, why] of [
    ["", "the host is missing"],
    [":5000", "the host is missing"],
    [10767 as unknown as string, "it is not a string"],
    [undefined as unknown as string, "it is not a string"],
    ["cryo:", '"" is not a port'],
    ["cryo:port", '"port" is not a port'],
    ["cryo:0", '"0" is not a port'],
    ["cryo:70000", '"70000" is not a port'],
    ["cryo:1.5", '"1.5" is not a port'],
    ["::1", '"::1" is not an address of a SEC node, an IPv6 address goes in brackets'],
    ["http://cryo", '"http" is not known'],
    ["cryo/path", "a path is for ws:// and wss:// only"],
    ["a host", '"a host" is not a host'],
    ["[cryo]:1", '"cryo" is not a host'],
  ] as const) {
    it(`cannot be "${uri}"`, () => {
      expect(() => parseUri(uri))
        .to.throw(UsageError, why)
        .with.property("message")
        .that.includes('write "host"');
    });
  }
});
