/** Refuses text that is nested too deep, before any parser sees it. */

// Native code that recurses too deep ends the process. A few thousand levels of brackets, or operators in a
// row, are enough for that.

/** Some three times what code was seen to need in the parsers before they crash, on a stack of 8 MB. */
const MAX_BRACKETS = 900;
const MAX_CHAIN = 2500;

interface Level {
  /** The text that ends it. */
  readonly close: string;
  /** Operators since the last statement or element began. */
  chain: number;
}

export class NestedTooDeep extends RangeError {
  readonly place: string | undefined;

  /** @param place The name of the file, if it is not the cell. */
  constructor(place?: string) {
    super(
      `${place ?? "the code"} is nested too deep to be compiled (at most ${MAX_BRACKETS} brackets within each other, or ${MAX_CHAIN} operators in a row): split it into several statements, or build the value in a loop`,
    );
    this.place = place;
  }
}

/** Throws a RangeError if the text is nested deeper than parsers can take. */
export function refuseDeepNesting(text: string): void {
  // A level takes two characters at least.
  if (text.length > MAX_BRACKETS) new NestingScan(text).run();
}

class NestingScan {
  readonly #text: string;
  readonly #levels: Level[] = [{ close: "", chain: 0 }];
  /** Operators on all open levels. */
  #chain = 0;
  #at = 0;
  /** The last character that is no blank. */
  #last = "";

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    while (this.#at < this.#text.length) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === NEW_LINE) this.#newLine();
      else if (isWordCode(code)) this.#word();
      else if (code > BLANK) this.#token(this.#text[this.#at] as string);
      this.#at += 1;
    }
  }

  #token(character: string): void {
    const top = this.#levels.at(-1) as Level;
    if (character === "/" && this.#isComment()) return;
    if (character === '"' || character === "'") this.#string(character);
    else if (character === "`") this.#template();
    else if (character === "(" || character === "[" || character === "{") this.#open(CLOSE[character] as string);
    else if (character === top.close || (character === "}" && top.close === "`}")) this.#close(top);
    else if (character === ",") this.#reset(top);
    else if (character === ";") this.#statement(top);
    else if (OPERATORS.has(character)) this.#operator(top, 1);
    this.#last = character;
  }

  /** Goes to the end of a word. Statements and operators that are words can contain others, too. */
  #word(): void {
    NESTING_WORD.lastIndex = this.#at;
    if (NESTING_WORD.test(this.#text)) this.#operator(this.#levels.at(-1) as Level, 3);
    while (isWordCode(this.#text.charCodeAt(this.#at + 1))) this.#at += 1;
    this.#last = this.#text[this.#at] as string;
  }

  /** `if (a) b; else if ...` goes on after the semicolon. */
  #statement(top: Level): void {
    const next = /\s*(?:else\b)?/y;
    next.lastIndex = this.#at + 1;
    if (!next.exec(this.#text)?.[0].endsWith("else")) this.#reset(top);
  }

  #operator(top: Level, weight: number): void {
    top.chain += weight;
    this.#chain += weight;
    this.#refuse();
  }

  #open(close: string): void {
    this.#levels.push({ close, chain: 0 });
    const top = this.#levels.at(-2) as Level;
    // Calls of the results of calls are a chain.
    if (close === ")" || close === "]") this.#operator(top, 1);
    this.#refuse();
  }

  #close(top: Level): void {
    this.#reset(top);
    if (this.#levels.length > 1) this.#levels.pop();
    if (top.close === "`}") this.#template();
    const outer = this.#levels.at(-1) as Level;
    if (top.close === "}" && outer.chain < 100) this.#reset(outer);
  }

  #reset(level: Level): void {
    this.#chain -= level.chain;
    level.chain = 0;
  }

  #refuse(): void {
    if (this.#levels.length <= MAX_BRACKETS && this.#chain <= MAX_CHAIN) return;
    throw new NestedTooDeep();
  }

  /** A line without a semicolon ends a statement unless it or the next one says that it goes on. */
  #newLine(): void {
    const next = /\S/g;
    next.lastIndex = this.#at;
    const following = next.exec(this.#text)?.[0] ?? "";
    if (/[\p{ID_Continue}$"'`\])}]/u.test(this.#last) && /[\p{ID_Start}$"'{@#\d]/u.test(following)) {
      const line = this.#text.slice(this.#text.lastIndexOf("\n", this.#at - 1) + 1, this.#at);
      if (!CONTINUES.test(line)) this.#reset(this.#levels.at(-1) as Level);
    }
  }

  #isComment(): boolean {
    const next = this.#text[this.#at + 1];
    if (next !== "/" && next !== "*") return false;
    const end = next === "/" ? this.#text.indexOf("\n", this.#at) : this.#text.indexOf("*/", this.#at + 2);
    this.#at = end < 0 ? this.#text.length : end - (next === "/" ? 1 : -1);
    return true;
  }

  #string(quote: string): void {
    const end = quote.charCodeAt(0);
    for (this.#at += 1; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === end || code === NEW_LINE) return;
      if (code === BACKSLASH) this.#at += 1;
    }
  }

  #template(): void {
    for (this.#at += 1; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at];
      if (character === "`") return;
      if (character === "\\") this.#at += 1;
      if (character === "$" && this.#text[this.#at + 1] === "{") {
        this.#at += 1;
        this.#levels.push({ close: "`}", chain: 0 });
        this.#refuse();
        return;
      }
    }
  }
}

const NEW_LINE = 10;
const BLANK = 32;
const BACKSLASH = 92;
/** For each ASCII code, whether a word may contain the character. */
const WORD_CODES = Uint8Array.from({ length: 128 }, (_, code) => Number(/[\w$]/.test(String.fromCharCode(code))));

function isWordCode(code: number): boolean {
  return code < 128 ? WORD_CODES[code] === 1 : /\p{ID_Continue}/u.test(String.fromCharCode(code));
}

const CLOSE: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
const OPERATORS: ReadonlySet<string> = new Set("+-*/%<>=!?:&|^~.@");
const NESTING_WORD =
  /(?:if|else|for|while|do|with|new|await|yield|typeof|void|delete|as|satisfies|keyof|readonly|infer|in|of|instanceof|extends)\b/y;
const CONTINUES = /^\s*(?:if|else|for|while|do|with)\b|\b(?:else|do|new|await|typeof|void|return)\s*$/;
