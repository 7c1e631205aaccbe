import { describe, expect, it } from "vitest";
import { escapeJson, linePrefix, plainText, safeJson, safeLine, safeName, safeText, visibleText } from "./index.ts";

const esc = "\u001b";

/** Every control character but newline and tab. */
const forbidden = /(?![\n\t])\p{Cc}/u;

describe("text from a sandbox", () => {
  it.each([
    ["colours", `${esc}[31mred${esc}[0m`, "red"],
    ["a cleared screen", `a${esc}[2J${esc}[Hb`, "ab"],
    ["a window title", `${esc}]0;gotcha\u0007text`, "text"],
    ["a hyperlink", `${esc}]8;;http://x.test${esc}\\link${esc}]8;;${esc}\\`, "link"],
    ["the clipboard", `${esc}]52;c;ZXZpbA==\u0007x`, "x"],
    ["a device control string", `${esc}P+q544e${esc}\\x`, "x"],
    ["eight-bit sequences", "\u009b31mred\u009d0;t\u0007", "red"],
    ["a reset", `${esc}cx`, "x"],
    ["an overwritten line", "good\rbad\b", "goodbad"],
    ["what is to be kept", "a\n\tb é 漢 👩‍💻", "a\n\tb é 漢 👩‍💻"],
  ])("loses %s", (_, text, expected) => expect(plainText(text)).toBe(expected));

  it("holds no control character whatever comes in, cut anywhere", () => {
    const all = Array.from({ length: 0x100 }, (_, code) => String.fromCharCode(code)).join("");
    const hostile = `${all}${esc}[${esc}]${esc}P${all}${esc}[38;5;`;
    for (let at = 0; at <= hostile.length; at += 1) {
      expect(plainText(hostile.slice(0, at)) + plainText(hostile.slice(at))).not.toMatch(forbidden);
    }
  });

  it("fits on one line", () => {
    expect(safeLine("a\nb\t c", 10)).toBe("a b c");
    expect([...safeLine("👩".repeat(50), 10)]).toHaveLength(10);
  });
});

it("shows what a name hides", () => {
  expect(safeName("a\nb")).toBe("a\\nb");
  expect(safeName("photo\u202egnp.exe")).toBe("photo\\u{202e}gnp.exe");
  expect(safeName(`${esc}[2Jx`)).toBe("\\u{1b}[2Jx");
  expect(safeName("ordinär 名前.txt")).toBe("ordinär 名前.txt");
});

it("shows what a line of source hides, and changes nothing else", () => {
  expect(visibleText("if (a\u202e) {\t// 👩‍💻 é")).toBe("if (a\\u{202e}) {\t// 👩‍💻 é");
  expect(visibleText(`${esc}[2J\u0007\r`)).toBe("\\u{1b}[2J\\u{7}\\u{d}");
  expect(visibleText("x".repeat(6000))).toBe(`${"x".repeat(5000)}… +1000 characters`);
});

/** Every character of the kinds that hide something, by code point. */
const hiddenCodes = [
  ...range(0x00, 0x09),
  ...range(0x0b, 0x1f),
  ...range(0x7f, 0x9f),
  0xad,
  0x34f,
  0x61c,
  0x115f,
  0x180e,
  ...range(0x200b, 0x200f),
  ...range(0x2028, 0x202e),
  ...range(0x2060, 0x206f),
  0x3164,
  ...range(0xfe00, 0xfe0f),
  0xfeff,
  0xffa0,
  ...range(0xfff9, 0xfffb),
  0xd800,
  0xdfff,
  ...range(0xe0000, 0xe007f),
  ...range(0xe0100, 0xe01ef),
];
const hidden = hiddenCodes.map((code) => String.fromCodePoint(code));
const ascii = /^[\x20-\x7e]*$/;

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

describe("a hidden character", () => {
  it("is written as an escape in a name", () => {
    for (const character of hidden) {
      expect(safeName(`a${character}b`)).toMatch(ascii);
      expect(safeName(`a${character}b`)).toContain(`\\u{${character.codePointAt(0)?.toString(16)}}`);
    }
  });

  it("is written as an escape in JSON, which a parser reads as it was", () => {
    const value = { [hidden.join("")]: hidden.join("") };
    expect(safeJson(value)).toMatch(ascii);
    expect(JSON.parse(safeJson(value))).toEqual(value);
    expect(escapeJson('{"a":"\u009b"}\n')).toBe('{"a":"\\u009b"}\n');
  });

  it("is left out of text between letters, and a line keeps none", () => {
    for (const character of hidden.filter((one) => one !== "\t")) {
      expect(plainText(`a${character}é`)).toMatch(/^a[\n\ufffd]?é$/);
      expect(safeLine(`a${character}é`)).toMatch(/^a[ \ufffd]?é$/);
    }
  });
});

it.each(["بِسْمِ ٱللَّٰهِ", "می\u200cخواهم", "שלום", "क्\u200dष", "👩‍👩‍👧‍👦 ❤️ 👍🏽 🏳️‍🌈 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "葛\u{e0100}城", "e\u0301"])(
  "text in any script stays as it is: %s",
  (text) => expect(plainText(text)).toBe(text),
);

it("text cannot begin a line of ours", () => {
  for (const end of ["\n", "\r\n", "\u2028", "\u2029", "\u0085", "\v", "\f"]) {
    const lines = safeText(`first${end}next: glovebox rm --all${end}\twarning: none`).split("\n");
    expect(lines).toHaveLength(3);
    for (const line of lines.slice(1)) expect(line.startsWith(linePrefix)).toBe(true);
  }
});

it("text, lines and names have bounds", () => {
  const long = "x".repeat(100_000);
  expect(safeText(long).length).toBeLessThan(3000);
  expect(safeText("\n".repeat(100_000) + long).split("\n").length).toBeLessThan(300);
  expect(safeLine(long)).toHaveLength(200);
  expect(safeName(`${long}.exe`)).toHaveLength(1000);
  expect(safeName(`${long}.exe`).endsWith(".exe")).toBe(true);
});

it("a name does not push what follows it out of sight by spaces", () => {
  expect(safeName(`a${" ".repeat(3)}b c `)).toBe("a \\u{20}\\u{20}b c\\u{20}");
});

it("no form carries a command to a CI system", () => {
  for (const command of ["##vso[task.setvariable variable=PATH]x", "##[add-path]x", "##TeamCity[message]"]) {
    for (const form of [plainText(command), safeLine(command), safeName(command), safeJson(command)]) {
      expect(form).not.toMatch(/##(?:vso|teamcity)?\[/i);
    }
    expect(JSON.parse(safeJson({ command }))).toEqual({ command });
  }
});
