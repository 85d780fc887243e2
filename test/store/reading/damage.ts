/** Ways in which a folder of runs can be damaged, each made in a folder that has good runs. */

import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { runProgram } from "../../peers/peers";

/** A folder with good runs; `victim` is the file of one of them, `day` is its folder. */
export interface Damaged {
  readonly dir: string;
  readonly day: string;
  readonly victim: string;
}

/** What is still readable: the runs found, the rows of the victim's table, and whether something is said. */
export interface Damage {
  readonly make: (folder: Damaged) => unknown;
  /** The number of runs in the list; default 3, all of them. */
  readonly runs?: number;
  /** The rows of the victim; default 31, all of them. */
  readonly rows?: number;
  /** Whether the list has problems, in `runs.problems`; default false. */
  readonly listed?: boolean;
  /** Whether the table has a remark; default false. */
  readonly remarked?: boolean;
}

const lines = (path: string): string[] => readFileSync(path, "utf8").split("\n");
const edit = (change: (lines: string[]) => void) => (folder: Damaged) => {
  const all = lines(folder.victim);
  change(all);
  writeFileSync(folder.victim, all.join("\n"));
};
const gone = { runs: 2, rows: -1, listed: true } as const;

export const DAMAGES: Readonly<Record<string, Damage>> = {
  "a dangling link": { make: ({ day }) => symlinkSync("/nowhere", join(day, "x.jsonl")), listed: true },
  "a link to itself": { make: ({ day }) => symlinkSync("y.jsonl", join(day, "y.jsonl")), listed: true },
  "a link to the folder above": { make: ({ dir, day }) => symlinkSync(dir, join(day, "up")) },
  "a folder called x.jsonl": { make: ({ day }) => mkdirSync(join(day, "x.jsonl")), listed: true },
  "a file where a day folder should be": { make: ({ day }) => writeFileSync(join(dirname(day), "31"), "") },
  "a file where a year folder should be": { make: ({ dir }) => writeFileSync(join(dir, "2031"), "") },
  "an empty file": { make: ({ day }) => writeFileSync(join(day, "x.jsonl"), ""), listed: true },
  "a file of text": { make: ({ day }) => writeFileSync(join(day, "x.jsonl"), "hello\nworld\n"), listed: true },
  "a file of bytes": {
    make: ({ day }) => writeFileSync(join(day, "x.jsonl"), Buffer.from([0x1f, 0x8b, 8, 0, 255, 254, 10, 0])),
    listed: true,
  },
  "a file of NULs": { make: ({ day }) => writeFileSync(join(day, "x.jsonl"), Buffer.alloc(9000)), listed: true },
  "a named pipe": { make: ({ day }) => runProgram("mkfifo", [join(day, "x.jsonl")]), listed: true },
  "a start without members": {
    make: ({ day }) => writeFileSync(join(day, "x.jsonl"), '{"name":"start","doc":{}}\n'),
    listed: true,
  },
  "a start whose time is a text": {
    make: ({ day }) => writeFileSync(join(day, "x.jsonl"), '{"name":"start","doc":{"uid":"a","time":"now"}}\n'),
    listed: true,
  },
  "a start that is a list": {
    make: ({ day }) => writeFileSync(join(day, "x.jsonl"), '{"name":"start","doc":[]}\n'),
    listed: true,
  },
  "a start whose time is NaN": {
    make: ({ day }) => writeFileSync(join(day, "x.jsonl"), '{"name":"start","doc":{"uid":"a","time":NaN}}\n'),
    runs: 4,
  },
  "a uid that is a number": {
    make: ({ day }) => writeFileSync(join(day, "x.jsonl"), '{"name":"start","doc":{"uid":5,"time":7}}\n'),
    runs: 4,
    listed: true,
  },
  "a start that is cut in the middle": {
    make: ({ day, victim }) => writeFileSync(join(day, "x.jsonl"), (lines(victim)[0] ?? "").slice(0, 60)),
    listed: true,
  },
  "a lost start": { make: edit((all) => all.shift()), listed: true },
  "a start of NULs": { make: edit((all) => all.splice(0, 1, "\0".repeat(300))), listed: true, remarked: true },
  "NULs before the start": { make: edit((all) => all.splice(0, 1, `\0\0\0${all[0]}`)), listed: true, remarked: true },
  "a mark of the encoding": { make: edit((all) => all.splice(0, 1, `\ufeff${all[0]}`)) },
  "line ends of Windows": { make: ({ victim }) => writeFileSync(victim, lines(victim).join("\r\n")) },
  "a line cut in the middle": {
    make: edit((all) => all.splice(10, 1, (all[10] ?? "").slice(0, 50))),
    rows: 30,
    remarked: true,
  },
  "a cut line with the next one behind it": {
    make: edit((all) => all.splice(10, 2, `${(all[10] ?? "").slice(0, 50)}${all[11]}`)),
    rows: 30,
    remarked: true,
  },
  "NULs in the middle": { make: edit((all) => all.splice(10, 3, "\0".repeat(4096))), rows: 28, remarked: true },
  "a seq_num of 4000000000": {
    make: edit((all) => all.splice(10, 1, (all[10] ?? "").replace(/"seq_num":\d+/, '"seq_num":4000000000'))),
  },
  "a seq_num of -1": {
    make: edit((all) => all.splice(10, 1, (all[10] ?? "").replace(/"seq_num":\d+/, '"seq_num":-1'))),
    rows: 30,
    remarked: true,
  },
  "an event without data": {
    make: edit((all) => all.splice(10, 1, (all[10] ?? "").replace(/"data":\{[^}]*\},/, ""))),
    rows: 30,
    remarked: true,
  },
  "an event of an unknown descriptor": {
    make: edit((all) => all.splice(10, 1, (all[10] ?? "").replace(/"descriptor":"[^"]*"/, '"descriptor":"x"'))),
    rows: 30,
    remarked: true,
  },
  "a descriptor without data keys": {
    make: edit((all) => all.splice(1, 0, '{"name":"descriptor","doc":{"uid":"d","name":"other"}}')),
    remarked: true,
  },
  "a document of an unknown name": {
    make: edit((all) => all.splice(5, 0, '{"name":"evil","doc":{}}')),
    remarked: true,
  },
  "documents that are no objects": { make: edit((all) => all.splice(5, 0, "null", "[]", "5")), remarked: true },
  "lines of garbage": { make: edit((all) => all.splice(5, 0, "}{", "\u0001\u0002", "nonsense")), remarked: true },
  "empty lines": { make: edit((all) => all.splice(5, 0, "", "  ", "")) },
  "a file cut behind half of it": {
    make: ({ victim }) => truncateSync(victim, Math.floor(readFileSync(victim).length / 2)),
    rows: 14,
  },
  "a stop of another run": {
    make: ({ victim }) => appendFileSync(victim, '{"name":"stop","doc":{"uid":"a","run_start":"other","time":5}}\n'),
  },
  "garbage behind the stop": { make: ({ victim }) => appendFileSync(victim, "\0\0\0garbage\n"), remarked: true },
  "the same run twice in a file": { make: edit((all) => all.push(...all)) },
  "a copy of a run": { make: ({ day, victim }) => copyFileSync(victim, join(day, "copy.jsonl")), runs: 4 },
  "a file with another ending": { make: ({ victim }) => renameSync(victim, `${victim}.bak`), ...gone, listed: false },
  "an index of garbage": { make: ({ dir }) => writeFileSync(join(dir, ".index.jsonl"), "garbage\n{}\n") },
  "an index of another folder": {
    make: ({ dir }) =>
      writeFileSync(
        join(dir, ".index.jsonl"),
        '{"v":1,"file":"2020/01/01/x.jsonl","size":9,"mtimeMs":9,"start":{"uid":"a","time":9}}\n',
      ),
  },
  "an index that is a folder": { make: ({ dir }) => mkdirSync(join(dir, ".index.jsonl")) },
  "a name of odd characters": {
    make: ({ day, victim }) => copyFileSync(victim, join(day, "\u202e<b>\u001b[31m.jsonl")),
    runs: 4,
  },
  "a file that gzip has packed": {
    make: ({ day, victim }) => writeFileSync(join(day, "x.jsonl"), gzipSync(readFileSync(victim))),
    listed: true,
  },
  "a file in UTF-16": {
    make: ({ day, victim }) => writeFileSync(join(day, "x.jsonl"), readFileSync(victim, "utf8"), "utf16le"),
    runs: 4,
    listed: true,
    remarked: true,
  },
  "a scan_id that is a text": {
    make: edit((all) => all.splice(0, 1, `${all[0]}`.replace(/"scan_id":\d+/, '"scan_id":"x"'))),
  },
  "a scan_id of 1e300": {
    make: edit((all) => all.splice(0, 1, `${all[0]}`.replace(/"scan_id":\d+/, '"scan_id":1e300'))),
  },
  "a time that is no date": {
    make: edit((all) => all.splice(0, 1, `${all[0]}`.replace(/"time":[\d.]+/, '"time":1e300'))),
  },
  "members called __proto__ and constructor": {
    make: edit((all) => all.splice(0, 1, `${all[0]}`.replace('"uid"', '"__proto__":{"uid":5},"constructor":5,"uid"'))),
  },
  "metadata that is nested 5,000 deep": {
    make: edit((all) =>
      all.splice(0, 1, `${all[0]}`.replace('"uid"', `"deep":${"[".repeat(5000)}${"]".repeat(5000)},"uid"`)),
    ),
    listed: true,
    remarked: true,
  },
  "a counter of runs that is a file": { make: ({ dir }) => writeFileSync(join(dir, ".scan_ids"), "7") },
  "descriptions of nodes that are a file": { make: ({ dir }) => writeFileSync(join(dir, ".nodes"), "{}") },
  "a folder that is called like an uid": { make: ({ day }) => mkdirSync(join(day, "00000000")) },
  "an unreadable file": { make: ({ victim }) => chmodSync(victim, 0), ...gone },
  "an unreadable folder": { make: ({ day }) => chmodSync(day, 0), runs: 0, rows: -1, listed: true },
};
