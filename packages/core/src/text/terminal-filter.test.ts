import { expect, it } from "vitest";
import { TerminalFilter } from "./terminal-filter.ts";

function filtered(text: string, pieceBytes = Number.POSITIVE_INFINITY): string {
  const filter = new TerminalFilter();
  const bytes = Buffer.from(text);
  const passed: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    passed.push(filter.push(bytes.subarray(at, Math.min(bytes.length, at + pieceBytes))));
  }
  return Buffer.concat(passed).toString();
}

const screen = [
  "plain ✓ é £ 漢字\r\n\t",
  "\x1b[1;31mred\x1b[0m\x1b[2J\x1b[?1049h\x1b[?2026h\x1b[>1u\x1b[c",
  "\x1b]0;a title\x07\x1b]8;;https://example.com\x1b\\link\x1b]8;;\x1b\\\x1b]9;4;1;50\x07\x1b]11;?\x07",
  "\x1b(B\x1b7\x1b8\x1b=\x1bM\x1b[18t\x1b[22;0t",
].join("");

const dangerous = {
  clipboard: "\x1b]52;c;ZXZpbA==\x07",
  "clipboard, ended otherwise": "\x1b]52;c;ZXZpbA==\x1b\\",
  "clipboard as C1": "\u009d52;c;ZXZpbA==\u009c",
  file: "\x1b]1337;File=name=YQ==;inline=0:AAAA\x07",
  notification: "\x1b]9;you won\x07\x1b]777;notify;a;b\x07",
  "title report": "\x1b[21t",
  "window moved": "\x1b[3;0;0t",
  printer: "\x1b[5i",
  "printer by a part of a number": "\x1b[5:0i",
  "checksum of the screen": "\x1b[1;1;1;1;80;24*y",
  "status request": '\x1bP$q"p\x1b\\',
  "key definition": "\x1bP1;1|17/6576696c\x1b\\",
  "application command": "\x1b_Gf=100;AAAA\x1b\\",
  "link that runs": "\x1b]8;;javascript:alert(1)\x07",
  enquiry: "\x05",
  "too long": `\x1b]0;${"x".repeat(9000)}\x07`,
};

it("passes what draws a screen, byte for byte, however it is split", () => {
  for (const pieceBytes of [1, 2, 3, 7, 4096]) expect(filtered(screen, pieceBytes)).toBe(screen);
});

it("drops every sequence that reaches beyond the screen, however it is split", () => {
  for (const [name, sequence] of Object.entries(dangerous)) {
    for (const pieceBytes of [1, 2, 5, 10_000]) {
      const shown = filtered(`a${sequence}b`, pieceBytes);
      if (name === "clipboard as C1") expect(shown, name).toBe("a52;c;ZXZpbA==b");
      else expect(shown, name).toBe("ab");
    }
  }
});

it("reads a sequence as a terminal does, with what it obeys or ignores in the middle of it", () => {
  const controls = ["\n", "\0", "\x7f", "\x18", "\x1a"];
  const hidden = controls.flatMap((control) => [
    `\x1b${control}]52;c;ZXZpbA==\x07`,
    `\x1b[2${control}1t`,
    `\x1b[${control}5i`,
    `\x1b]0;a${control}\x1b${control}]52;c;ZXZpbA==\x07`,
  ]);
  for (const sequence of [...hidden, "\x1b]0;a\u009c\u009d52;c;ZXZpbA==\x07", "\x1b]0;a\x9d52;c;ZXZpbA==\x07"]) {
    for (const pieceBytes of [1, 2, 10_000]) {
      // What a terminal still sees, once it ignores what it does.
      const shown = filtered(sequence, pieceBytes).replace(/[\0\n\x7f]/g, "");
      expect(shown, JSON.stringify(sequence)).not.toContain("\x1b");
    }
  }
  expect(filtered("\x1b[1\n;31mred")).toBe("\n\x1b[1;31mred");
});

it("passes no link to a file: the program's files are not this machine's", () => {
  expect(filtered("\x1b]8;;file:///tmp/a\x07x")).toBe("x");
});

it("shows what follows a sequence that was broken off", () => {
  expect(filtered("\x1b]52;c;AAAA\x18after")).toBe("after");
  expect(filtered("\x1b]52;c;AAAA\x1b[1mbold")).toBe("\x1b[1mbold");
  expect(filtered("\x1b\x1b[1mbold")).toBe("\x1b[1mbold");
});
