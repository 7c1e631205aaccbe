import { isUtf8 } from "node:buffer";

/**
 * Lets the output of a program inside through to a terminal, without the sequences that would reach beyond the screen: the
 * clipboard, files, a title that the terminal types back, keys that are redefined. A sequence may be split across pieces.
 */
export class TerminalFilter {
  #state: "text" | "escape" | "csi" | "string" | "stringEscape" | "utf8" = "text";
  /** Of the sequence so far, its introducer included. */
  #sequence: number[] = [];
  /** The sequence is too long to be one: its rest is dropped. */
  #isTooLong = false;

  /** What of the piece may be shown. */
  push(piece: Uint8Array): Uint8Array {
    const passed: number[] = [];
    for (const byte of piece) this.#take(byte, passed);
    return Uint8Array.from(passed);
  }

  #take(byte: number, passed: number[]): void {
    if (this.#state === "text") this.#text(byte, passed);
    else if (this.#state === "utf8") this.#secondByte(byte, passed);
    else if (this.#state === "escape") this.#escape(byte, passed);
    else if (this.#state === "csi") this.#csi(byte, passed);
    else this.#string(byte, passed);
  }

  #text(byte: number, passed: number[]): void {
    if (byte === esc) this.#begin("escape", byte);
    // C1 controls as UTF-8, which some terminals obey.
    else if (byte === 0xc2) this.#begin("utf8", byte);
    // The terminal would answer.
    else if (byte !== enquiry) passed.push(byte);
  }

  /** A control within a sequence, which a terminal obeys before it reads the rest of the sequence. */
  #control(byte: number, passed: number[]): void {
    if (byte === esc) this.#begin("escape", byte);
    else if (byte === cancel || byte === substitute) this.#end();
    // Delete is nothing to a terminal, and so it must be nothing here.
    else if (byte !== enquiry && byte < 0x20) passed.push(byte);
  }

  #secondByte(byte: number, passed: number[]): void {
    this.#end();
    if (byte >= 0x80 && byte <= 0x9f) return;
    passed.push(0xc2);
    this.#text(byte, passed);
  }

  #escape(byte: number, passed: number[]): void {
    if (isControl(byte)) {
      this.#control(byte, passed);
      return;
    }
    const isFirst = this.#sequence.length === 1;
    this.#add(byte);
    if (isFirst && byte === 0x5b) this.#state = "csi";
    else if (isFirst && stringIntroducers.has(byte)) this.#state = "string";
    // Intermediate bytes, such as those that choose a character set, come before the last one.
    else if (byte > 0x2f) this.#finish(byte < 0x80, passed);
  }

  #csi(byte: number, passed: number[]): void {
    if (isControl(byte)) {
      this.#control(byte, passed);
      return;
    }
    this.#add(byte);
    if (byte < 0x40) return;
    this.#finish(byte < 0x80 && mayPassCsi(Buffer.from(this.#sequence).toString("latin1", 2)), passed);
  }

  #string(byte: number, passed: number[]): void {
    const isEscaped = this.#state === "stringEscape";
    this.#state = "string";
    if (byte === cancel || byte === substitute) this.#end();
    else if (isEscaped && byte !== backslash) {
      // Another sequence ends this one.
      this.#begin("escape", esc);
      this.#escape(byte, passed);
    } else if (byte === esc) this.#state = "stringEscape";
    else if (isEscaped || byte === bell) this.#finishString(isEscaped ? [esc, backslash] : [bell], passed);
    else this.#add(byte);
  }

  #finishString(end: readonly number[], passed: number[]): void {
    const [, kind, ...text] = this.#sequence;
    const mayPass = kind === osc && mayPassOsc(Buffer.from(text));
    this.#sequence.push(...end);
    this.#finish(mayPass, passed);
  }

  #begin(state: "escape" | "utf8", byte: number): void {
    this.#state = state;
    this.#sequence = [byte];
    this.#isTooLong = false;
  }

  #add(byte: number): void {
    if (this.#sequence.length < maxSequenceBytes) this.#sequence.push(byte);
    else this.#isTooLong = true;
  }

  #finish(mayPass: boolean, passed: number[]): void {
    if (mayPass && !this.#isTooLong) for (const byte of this.#sequence) passed.push(byte);
    this.#end();
  }

  #end(): void {
    this.#state = "text";
    this.#sequence = [];
  }
}

const [enquiry, bell, cancel, substitute, esc] = [0x05, 0x07, 0x18, 0x1a, 0x1b];
const [osc, backslash] = [0x5d, 0x5c];
/** DCS, SOS, OSC, PM and APC. Of their kinds only OSC has something that a screen needs. */
const stringIntroducers: ReadonlySet<number> = new Set([0x50, 0x58, 0x5d, 0x5e, 0x5f]);
const maxSequenceBytes = 8192;

/** The controls that a terminal obeys, or ignores, in the middle of a sequence. */
function isControl(byte: number): boolean {
  return byte < 0x20 || byte === 0x7f;
}

/** Title, colours, links, progress, and marks of prompts. Not the clipboard (52), files and downloads (1337), fonts (50). */
const oscNumbers: ReadonlySet<string> = new Set(
  [0, 1, 2, 4, 8, 10, 11, 12, 104, 110, 111, 112, 133].map(String).concat("9"),
);

function mayPassOsc(bytes: Buffer): boolean {
  const text = bytes.toString("utf8");
  // Where a terminal would see the end of the text, or the beginning of something else.
  if (!isUtf8(bytes) || /\p{Cc}/u.test(text)) return false;
  const [number = "", ...rest] = text.split(";");
  if (!oscNumbers.has(number)) return false;
  // Progress, and not a notification.
  if (number === "9") return rest[0] === "4";
  if (number === "8") return /^(?:https?:|mailto:|$)/i.test(rest.slice(1).join(";"));
  return true;
}

/** Reports of the title and the icon would be typed into what reads the terminal; windows are the user's to move. */
function mayPassCsi(text: string): boolean {
  // Printing (`i`) leads out of the terminal too, and a checksum of the screen (`*y`) tells what else is on it.
  if (!text.endsWith("t")) return !/(?:i|\*y)$/.test(text);
  return /^(?:14|16|18|22|23)(?:;\d*)*t$/.test(text);
}
