import { InvalidOptionsError } from "@glovebox/core/provider";

/** What stands for the default: the keys that container engines use too. */
export const defaultDetachKeys = "ctrl-p,ctrl-q";

const esc = "\x1b";

/** One key, as terminals send it: as a byte, or as a sequence where the program inside has asked for those. */
type Key = readonly string[];

/**
 * Finds the keys by which a viewer leaves in what the viewer types. The first keys of them wait for the next one, and then reach
 * the program if it is another.
 */
export class DetachKeys {
  readonly #keys: readonly Key[];
  #found = 0;
  #pending = "";

  /** `ctrl-p,ctrl-q`, `ctrl-]`, `a`. An empty text: no keys. Throws `invalid-options` for others. */
  constructor(text: string) {
    this.#keys = text === "" ? [] : text.split(",").map(parseKey);
  }

  /** What reaches the program, and whether the viewer leaves. */
  take(typed: Uint8Array): { readonly passed: Uint8Array; readonly isLeaving: boolean } {
    // Each byte is a letter here.
    let rest = Buffer.from(typed).toString("latin1");
    let passed = "";
    while (rest !== "" && this.#keys.length > 0) {
      const pressed = this.#keys[this.#found]?.find((form) => rest.startsWith(form));
      if (pressed !== undefined) {
        this.#found += 1;
        this.#pending += pressed;
        rest = rest.slice(pressed.length);
        if (this.#found === this.#keys.length) return { passed: bytes(passed), isLeaving: true };
      } else if (this.#found > 0) {
        // It may be the first key again.
        passed += this.#pending;
        this.#found = 0;
        this.#pending = "";
      } else {
        passed += rest[0];
        rest = rest.slice(1);
      }
    }
    return { passed: bytes(passed + rest), isLeaving: false };
  }
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

function parseKey(text: string): Key {
  const [, letter] = /^ctrl-([a-z@[\]\\^_])$/i.exec(text) ?? [];
  if (letter !== undefined) {
    const code = letter.toLowerCase().charCodeAt(0);
    const byte = String.fromCharCode(letter.toUpperCase().charCodeAt(0) & 0x1f);
    // The keyboard protocols of kitty and xterm, which the program inside may have switched on.
    return [`${esc}[${code};5u`, `${esc}[27;5;${code}~`, byte];
  }
  if (/^[!-~]$/.test(text)) return [text];
  throw new InvalidOptionsError(`${JSON.stringify(text)} is not a key to detach with`, {
    hint: "Separate keys by commas, each a letter or ctrl- and one: ctrl-p,ctrl-q.",
  });
}
