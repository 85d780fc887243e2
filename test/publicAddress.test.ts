import { expect } from "chai";
import { isAddress, publicAddress } from "../lib/publicAddress";

describe("an address as it is shown", () => {
  it("has neither user, password, query nor fragment", () => {
    for (const [address, shown] of [
      ["nats://host:4222", "nats://host:4222"],
      ["nats://user:secret@host:4222", "nats://host:4222"],
      ["nats://token@host", "nats://host"],
      ["http://user:p@ss:w0rd@host/path", "http://host/path"],
      ["http://user:pa/ss?w#rd@host/path", "http://host/path"],
      ["https://host/api/v1?api_key=secret", "https://host/api/v1"],
      ["https://host/#secret", "https://host/"],
      ["postgresql://lab:secret@[::1]:5432/db", "postgresql://[::1]:5432/db"],
      ["https://host:443/@group/repository", "https://host:443/@group/repository"],
      ["POSTGRESQL+asyncpg://u:secret@h/db", "POSTGRESQL+asyncpg://h/db"],
    ])
      expect(publicAddress(address ?? "")).to.equal(shown);
  });

  it("is the path itself, if it is a path of the disk", () => {
    for (const path of ["runs", "/data/a@b/c?d#e", "C:\\data\\a@b", "../x y"]) {
      expect(publicAddress(path)).to.equal(path);
      expect(isAddress(path)).to.equal(false);
    }
  });
});
