/** Tests of `openBundle` with archives that somebody made to do harm, or that were damaged. */

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { ZipFile } from "yazl";
import { entryProblem } from "../../../kernel/bundle/entryName";
import { openBundle } from "../../../kernel/bundle/openBundle";

const CRATE = JSON.stringify({
  "@graph": [
    { "@id": "./", "@type": "Dataset", name: "night", mainEntity: { "@id": "nb.ipynb" } },
    { "@id": "nb.ipynb", "@type": "File", description: "The notebook" },
  ],
});

interface Content {
  readonly name: string;
  readonly text?: string | Buffer;
  readonly mode?: number;
}

/** The bytes of an archive; yazl itself refuses bad names, so that they are written into it afterwards. */
async function archive(contents: readonly Content[], names: Readonly<Record<string, string>> = {}): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(CRATE), "ro-crate-metadata.json");
  for (const { name, text = "x", mode = 0o100644 } of contents) zip.addBuffer(Buffer.from(text), name, { mode });
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  let bytes = Buffer.concat(chunks).toString("latin1");
  for (const [name, other] of Object.entries(names)) {
    expect(other.length).to.equal(name.length);
    bytes = bytes.replaceAll(name, other);
  }
  return Buffer.from(bytes, "latin1");
}

describe("opening a bundle", () => {
  let folder: string;
  let target: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "open-"));
    target = join(folder, "in", "to");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = async (bytes: Buffer): Promise<string> => {
    const file = join(folder, "x.zip");
    writeFileSync(file, bytes);
    return openBundle(file, target).then(
      ({ title }) => `opened ${title}`,
      (error: Error) => {
        expect(error.name, error.stack).to.equal("UsageError");
        return error.message.replace(file, "x.zip");
      },
    );
  };

  it("unpacks files into a folder that it makes", async () => {
    expect(await open(await archive([{ name: "nb.ipynb" }, { name: "a/b c/ü.ts", text: "ü" }]))).to.equal(
      "opened night",
    );
    expect(readFileSync(join(target, "a/b c/ü.ts"), "utf8")).to.equal("ü");
  });

  it("refuses paths that lead out of the folder, links, hidden files and names that are one file, and unpacks nothing", async () => {
    const good = { name: "nb.ipynb" };
    const bad: [Buffer, RegExp][] = [
      [await archive([good, { name: "aa/evil" }], { "aa/evil": "../evil" }), /refused|relative path/],
      [await archive([good, { name: "a/aa/evil" }], { "a/aa/evil": "a/../evil" }), /refused|relative path/],
      [await archive([good, { name: "aetc/evil" }], { "aetc/evil": "/etc/evil" }), /refused|absolute path/],
      [await archive([good, { name: "aa_evil" }], { aa_evil: "..\\evil" }), /refused|invalid characters/],
      [await archive([good, { name: "Ca/evil" }], { "Ca/evil": "C:/evil" }), /refused|absolute path/],
      [await archive([good, { name: "a_b" }], { a_b: "a\0b" }), /refused: its name has characters/],
      [
        await archive([good, { name: "link", text: "/etc/passwd", mode: 0o120777 }]),
        /refused: it is a link or a device/,
      ],
      [await archive([good, { name: "pipe", mode: 0o010644 }]), /refused: it is a link or a device/],
      [await archive([good, { name: "a/.npmrc" }]), /refused: hidden files are not part of a bundle/],
      [await archive([good, { name: "node_modules/x/index.js" }]), /refused: installed packages/],
      [await archive([good, { name: "AUX.ts" }]), /refused: its name is not one of a file on every system/],
      [await archive([good, { name: "NB.ipynb" }]), /"NB\.ipynb" is refused: another entry has the same name/],
      [await archive([good, { name: "nb.ipynb/x" }]), /refused: a file and a folder have the same name/],
      [
        await archive([good, { name: "bomb", text: Buffer.alloc(20_000_000) }]),
        /refused: it would unpack to \d+ times its size/,
      ],
    ];
    for (const [bytes, message] of bad) {
      expect(await open(bytes)).to.match(message);
      expect(existsSync(join(folder, "in")), String(message)).to.equal(false);
    }
    expect(readdirSync(folder)).to.deep.equal(["x.zip"]);
    for (const name of ["", "a//b", "a/./b", "x".repeat(500), "a/".repeat(30), "a\u202eb", "con", "a.", "a /b"])
      expect(entryProblem(name), name).to.be.a("string");
  });

  it("refuses an archive that would unpack to more than it may, or than the disk has, and too many files", async () => {
    // The sizes in the directory of an archive are what somebody claims: none of this is unpacked.
    const claiming = async (size: number, count: number): Promise<Buffer> => {
      const names = Array.from({ length: count }, (_, i) => ({ name: `f${i}`, text: Buffer.alloc(4321, "x") }));
      const zip = await archive(names);
      for (let at = zip.indexOf("PK\x01\x02"); at >= 0; at = zip.indexOf("PK\x01\x02", at + 4)) {
        if (zip.readUInt32LE(at + 24) !== 4321) continue;
        zip.writeUInt32LE(size, at + 24);
        zip.writeUInt32LE(size / 10, at + 20);
      }
      return zip;
    };
    expect(await open(await claiming(4_000_000_000, 30))).to.match(
      /"f26" is refused: the archive would unpack to more than 100 GB/,
    );
    const { bavail, bsize } = statfsSync(folder);
    const more = Math.ceil((bavail * bsize) / 4e9) + 1;
    const isFull = /^x\.zip|the bundle needs \d+\.\d GB, and the disk has \d+\.\d GB: nothing was unpacked$/;
    expect(await open(await claiming(4_000_000_000, more))).to.match(isFull);
    const many = await archive([{ name: "nb.ipynb" }]);
    many.writeUInt16LE(10_001, many.lastIndexOf("PK\x05\x06") + 10);
    expect(await open(many)).to.equal("x.zip was not opened: it has 10001 files, a bundle at most 10000");
    expect(readdirSync(folder)).to.deep.equal(["x.zip"]);
  });

  it("overwrites no file, and follows no link that stands in the folder", async () => {
    const bytes = await archive([{ name: "nb.ipynb" }, { name: "a/b" }]);
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, "nb.ipynb"), "mine");
    expect(await open(bytes)).to.equal(`${join(target, "nb.ipynb")} exists: nothing was unpacked. Name another folder`);
    expect(readdirSync(target)).to.deep.equal(["nb.ipynb"]);
    rmSync(join(target, "nb.ipynb"));
    symlinkSync(tmpdir(), join(target, "a"));
    expect(await open(bytes)).to.equal(
      `${join(target, "a")} is not a folder: nothing was unpacked. Name another folder`,
    );
    rmSync(join(target, "a"));
    writeFileSync(join(target, "notes.txt"), "mine");
    expect(await open(bytes)).to.equal("opened night");
    expect(readFileSync(join(target, "notes.txt"), "utf8")).to.equal("mine");
  });

  it("says which files are not as they were bundled", async () => {
    const crate = JSON.parse(CRATE);
    crate["@graph"].push({ "@id": "a%20b.rec", "@type": "File", sha256: "0".repeat(64) });
    crate["@graph"].push({ "@id": "gone.ts", "@type": ["File"], sha256: "0".repeat(64) });
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from(JSON.stringify(crate)), "ro-crate-metadata.json");
    zip.addBuffer(Buffer.from("x"), "a b.rec");
    zip.end();
    const chunks: Buffer[] = [];
    for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
    writeFileSync(join(folder, "x.zip"), Buffer.concat(chunks));
    const { changed } = await openBundle(join(folder, "x.zip"), target);
    expect(changed).to.deep.equal(["a b.rec is not as it was bundled", "gone.ts is missing"]);
  });

  it("says in one line that a file is no archive, or no bundle", async () => {
    expect(await open(Buffer.from("hello"))).to.match(/^cannot open the bundle x\.zip: it is not a zip archive/);
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from("x"), "a");
    zip.end();
    const chunks: Buffer[] = [];
    for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
    expect(await open(Buffer.concat(chunks))).to.equal("x.zip is not a bundle: it has no ro-crate-metadata.json");
  });

  it("ends in one line for any damage, and leaves nothing half unpacked", async () => {
    const bytes = await archive([
      { name: "nb.ipynb", text: "notebook ".repeat(100) },
      { name: "a/b.ts", text: "code" },
    ]);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), fc.boolean(), async (at, byte, cut) => {
        const damaged = Buffer.from(cut ? bytes.subarray(0, at) : bytes);
        if (!cut) damaged[at] = byte;
        const message = await open(damaged);
        expect(message.split("\n").length).to.equal(1);
        if (!message.startsWith("opened")) expect(existsSync(join(folder, "in")), message).to.equal(false);
        rmSync(join(folder, "in"), { recursive: true, force: true });
        expect(readdirSync(folder)).to.deep.equal(["x.zip"]);
      }),
      { numRuns: 300 },
    );
  });
});
