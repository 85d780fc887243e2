/** The files that a notebook names without importing them: pictures in its text, data that its code reads. */

import { statSync } from "node:fs";
import { resolve } from "node:path";
import { parse, walk } from "../compiler/parser";

/** Links and pictures in Markdown and HTML. */
const LINKS = /\]\(\s*<?([^)\s>]+)>?[^)]*\)|\b(?:src|href)\s*=\s*["']([^"']+)["']/g;
const LONGEST = 300;

/** The local files that Markdown links to or shows. */
export function linkedFiles(text: string, folder: string): string[] {
  const links = [...text.matchAll(LINKS)].map(([, link, source]) => link ?? source ?? "");
  return existing(
    links.map((link) => decoded(link.replace(/[?#].*$/, ""))),
    folder,
  );
}

/** The files that stand in strings of the code, such as `readFileSync("calibration.csv")`. */
export function filesInStrings(code: string, folder: string): string[] {
  const found: string[] = [];
  try {
    walk(parse(code).program, ({ type, value }) => {
      if (type === "Literal" && typeof value === "string" && value.includes(".")) found.push(value);
    });
  } catch {
    // Code that cannot be parsed names nothing.
  }
  return existing(found, folder);
}

function existing(names: readonly string[], folder: string): string[] {
  const paths = names
    .filter((name) => name !== "" && name.length < LONGEST && !/^[a-z][a-z0-9+.-]*:|\0/i.test(name))
    .map((name) => resolve(folder, name));
  return [...new Set(paths)].filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

function decoded(link: string): string {
  try {
    return decodeURIComponent(link);
  } catch {
    return link;
  }
}
