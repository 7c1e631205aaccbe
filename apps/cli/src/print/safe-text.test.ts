import { describe, expect, it } from "vitest";
import { safeLine, safeName, safeText } from "./safe-text.ts";

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
  ])("loses %s", (_, text, expected) => expect(safeText(text)).toBe(expected));

  it("holds no control character whatever comes in, cut anywhere", () => {
    const all = Array.from({ length: 0x100 }, (_, code) => String.fromCharCode(code)).join("");
    const hostile = `${all}${esc}[${esc}]${esc}P${all}${esc}[38;5;`;
    for (let at = 0; at <= hostile.length; at += 1) {
      expect(safeText(hostile.slice(0, at)) + safeText(hostile.slice(at))).not.toMatch(forbidden);
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
