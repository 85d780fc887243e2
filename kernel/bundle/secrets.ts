/**
 * Keeps passwords, tokens and keys out of bundles: leaves out whole files of secrets, and redacts single
 * words.
 */

import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";

/** Stands for what was taken out. */
const REDACTED = "REDACTED";

/** Files that are made to hold secrets. */
const SECRET_FILE =
  /^\.env|^\.(?:npmrc|yarnrc.*|netrc|pypirc|git-credentials|htpasswd)$|\.(?:pem|key|p12|pfx|jks|keystore|kdbx)$|^id_(?:rsa|dsa|ecdsa|ed25519)|^kernel-[\w-]+\.json$|^credentials\b/i;

/** Why a file never goes into a bundle; undefined if it may. */
export function secretFile(path: string, bytes: Buffer): string | undefined {
  if (SECRET_FILE.test(basename(path))) return "its name is that of a file with secrets";
  const head = bytes.subarray(0, 65_536).toString("latin1");
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(head)) return "it holds a private key";
  if (/"signature_scheme"\s*:/.test(head) && /"key"\s*:/.test(head)) return "it holds the key of a kernel";
  return undefined;
}

/** A kind of secret: its name for the user, a pattern that finds it, and the text that replaces it. */
interface SecretKind {
  readonly what: string;
  readonly pattern: RegExp;
  readonly instead: string;
}

const NAME = "(?:api[_-]?key|access[_-]?key|private[_-]?key|token|secret|passw(?:or)?d|passwd|passphrase|credentials?)";

/** Secrets in addresses and tokens that are known by their form. */
const ANYWHERE: readonly SecretKind[] = [
  {
    what: "a password in an address",
    pattern: /\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:"'`<>\\]{0,200}:[^\s/@"'`<>\\]{1,500}@/gi,
    instead: `$1${REDACTED}@`,
  },
  {
    what: "a token in an address",
    pattern: /\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@:"'`<>\\]{16,500}@/gi,
    instead: `$1${REDACTED}@`,
  },
  {
    what: "a key in an address",
    pattern: new RegExp(`([?&](?:[\\w-]*${NAME}|key|sig|signature|auth)=)(?!${REDACTED})[^&\\s"'\`<>\\\\#]+`, "gi"),
    instead: `$1${REDACTED}`,
  },
  { what: "a bearer token", pattern: /(\bBearer\s+)[\w.~+/-]{12,}=*/g, instead: `$1${REDACTED}` },
  {
    what: "a token",
    pattern:
      /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|AKIA[0-9A-Z]{16}|xox[abpr]-[\w-]{10,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,})/g,
    instead: REDACTED,
  },
];

/** A literal that is given to a name such as `apiKey`, in code or JSON. */
const ASSIGNED: SecretKind = {
  what: "a value with the name of a secret",
  pattern: new RegExp(
    `(\\b[\\w$-]*${NAME}(?:\\\\?["'])?\\s*[:=]\\s*)(\\\\?["'\`])(?!${REDACTED})(?:(?!\\2)[^\\n\`]){4,500}?\\2`,
    "gi",
  ),
  instead: `$1$2${REDACTED}$2`,
};

/** The number of secrets that were found, by their kinds. */
export type FoundSecrets = Map<string, number>;

export class Secrets {
  /** Values of secrets that this machine knows: in its environment, and in `.env` files of the workspace. */
  readonly #values: readonly string[];

  constructor(folders: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    const named = Object.entries(env).filter(([name]) => new RegExp(NAME, "i").test(name));
    const files = folders.map((folder) => join(folder, ".env")).filter((file) => existsSync(file));
    const written = files.flatMap((file) => readFileSync(file, "utf8").split("\n")).map(valueOfLine);
    const values = [...named.map(([, value]) => value), ...written];
    this.#values = values.filter((value): value is string => value !== undefined && value.length >= 8);
  }

  /** The text without secrets. `found` counts them. Names count in code, not in lists of packages. */
  redact(text: string, found: FoundSecrets, { names }: { readonly names: boolean }): string {
    let safe = text;
    for (const value of this.#values) {
      const parts = safe.split(value);
      if (parts.length > 1) count(found, "a secret of this machine's environment", parts.length - 1);
      safe = parts.join(REDACTED);
    }
    for (const { what, pattern, instead } of names ? [...ANYWHERE, ASSIGNED] : ANYWHERE) {
      safe = safe.replace(pattern, (...match: unknown[]) => {
        count(found, what, 1);
        return instead.replace(/\$(\d)/g, (_, group: string) => String(match[Number(group)] ?? ""));
      });
    }
    return safe;
  }

  /** A notebook without secrets: its cells and the texts of its outputs; pictures stay as they are. */
  redactNotebook(text: string, found: FoundSecrets): string {
    const clean = (value: unknown, key = ""): unknown => {
      if (typeof value === "string")
        return /^(?:image|application\/pdf)/.test(key) ? value : this.redact(value, found, { names: true });
      if (Array.isArray(value)) {
        return isLines(value) ? linesOf(clean(value.join(""), key) as string) : value.map((item) => clean(item, key));
      }
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, clean(item, name)]));
    };
    const cleaned = clean(JSON.parse(text));
    return found.size === 0 ? text : `${JSON.stringify(cleaned, null, 1)}\n`;
  }
}

/** The text of a file, which may be packed. */
export function unpackedText(path: string, bytes: Buffer): string {
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

/** Whether it is a text in lines. A list such as the tags of a cell is not. */
const isLines = (value: readonly unknown[]): boolean =>
  value.length > 0 &&
  value.every((item, i) => typeof item === "string" && (item.endsWith("\n") || i === value.length - 1));

const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function count(found: FoundSecrets, what: string, times: number): void {
  found.set(what, (found.get(what) ?? 0) + times);
}

/** The value in a line of a `.env` file, without its quotes. */
function valueOfLine(line: string): string | undefined {
  return /^\s*(?:export\s+)?[\w.]+\s*=\s*(["']?)(.*?)\1\s*$/.exec(line)?.[2];
}
