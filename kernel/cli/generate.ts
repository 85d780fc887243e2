/** `secop-lab generate`: a class file from a node, or from a saved answer to `describe`. */

import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { errorText, generateClasses, SecopClient, UsageError } from "../../lib/index";

export interface GenerateOptions {
  readonly dir: string;
  readonly file?: string;
}

export async function generate(source: string, options: GenerateOptions): Promise<void> {
  const path = isFile(source)
    ? await generateClasses(savedDescription(source), options)
    : await fromNode(source, options);
  console.log(relative(process.cwd(), path));
}

/** An address has no slash but those of its scheme. */
function isFile(source: string): boolean {
  if (existsSync(source)) return true;
  if (source.includes("://") || !/[/\\]|\.json$/.test(source)) return false;
  throw new UsageError(`there is no file ${source}`);
}

async function fromNode(uri: string, options: GenerateOptions): Promise<string> {
  const client = await SecopClient.connect(uri);
  try {
    return await generateClasses(client, options);
  } finally {
    await client.close();
  }
}

function savedDescription(path: string): object {
  try {
    const description: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof description === "object" && description !== null && "modules" in description) return description;
    throw new UsageError("it has no modules");
  } catch (error) {
    throw new UsageError(
      `${path} is no description: it should hold the JSON a node answers to describe (${errorText(error)})`,
      { cause: error },
    );
  }
}
