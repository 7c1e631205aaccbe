/** Put where a string was cut. Plain letters, so that it needs no escape. */
const mark = "... [cut]";

/**
 * Shortens the strings of a JSON text that comes in pieces, so that what is left is still JSON: a harness's final result can be
 * larger than what a host should hold, and says beside its text how the work ended.
 */
export class JsonShortener {
  readonly #longestString: number;
  #isInString = false;
  #length = 0;
  /** What of an escape is not here yet: the rest of `\u00e9` belongs to it. */
  #escape = "";
  #escapeRest = 0;

  /** `longestString` is what is kept of each string, in UTF-16 units. */
  constructor(longestString: number) {
    this.#longestString = longestString;
  }

  /** What is left of the next piece. */
  push(piece: string): string {
    const kept: string[] = [];
    for (let at = 0; at < piece.length; ) {
      if (this.#escapeRest > 0) at = this.#readEscape(piece, at, kept);
      else if (this.#isInString) at = this.#readString(piece, at, kept);
      else {
        const quote = piece.indexOf('"', at);
        const end = quote < 0 ? piece.length : quote + 1;
        kept.push(piece.slice(at, end));
        this.#isInString = quote >= 0;
        this.#length = 0;
        at = end;
      }
    }
    return kept.join("");
  }

  #readString(piece: string, from: number, kept: string[]): number {
    const special = /["\\]/g;
    special.lastIndex = from;
    const end = special.exec(piece)?.index ?? piece.length;
    if (end > from) this.#keep(piece.slice(from, end), kept);
    if (piece[end] === "\\") {
      this.#escape = "\\";
      this.#escapeRest = 1;
    } else if (end < piece.length) {
      if (this.#length > this.#longestString) kept.push(mark);
      kept.push('"');
      this.#isInString = false;
    }
    return end + 1;
  }

  #readEscape(piece: string, from: number, kept: string[]): number {
    const taken = piece.slice(from, from + this.#escapeRest);
    this.#escape += taken;
    this.#escapeRest -= taken.length;
    if (this.#escape === "\\u") this.#escapeRest = 4;
    if (this.#escapeRest === 0) this.#keep(this.#escape, kept, true);
    return from + taken.length;
  }

  /** An escape is kept whole or not at all; so is a character of two UTF-16 units. */
  #keep(text: string, kept: string[], isEscape = false): void {
    const room = this.#longestString - this.#length;
    this.#length += text.length;
    if (text.length <= room) kept.push(text);
    // From the first character on that finds no room nothing fits any more.
    else this.#length = Number.POSITIVE_INFINITY;
    if (text.length > room && room > 0 && !isEscape) kept.push(text.slice(0, room).replace(/[\ud800-\udbff]$/, ""));
  }
}
