import { describe, expect, it } from "vitest";
import { parseHostRule } from "./parse-host-rule.ts";

const parse = (text: string) => {
  const { host, port } = parseHostRule(text, "--allow-host");
  return port === undefined ? host : [host, port];
};

describe("a host rule", () => {
  it.each([
    ["example.com", "example.com"],
    ["Example.COM.", "example.com"],
    ["example.com:8443", ["example.com", 8443]],
    ["*.example.com", "*.example.com"],
    ["*.corp", "*.corp"],
    ["*.example.com:8443", ["*.example.com", 8443]],
    ["localhost:3000", ["localhost", 3000]],
    ["my_host.internal", "my_host.internal"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["10.1.2.3", "10.1.2.3"],
    ["127.0.0.1:65535", ["127.0.0.1", 65_535]],
    ["10.1.0.0/16", "10.1.0.0/16"],
    ["10.1.0.0/16:5432", ["10.1.0.0/16", 5432]],
    ["::1", "::1"],
    ["[FD00:0::1]:8443", ["fd00::1", 8443]],
    ["[fd00::1]", "fd00::1"],
    ["fd00::/8", "fd00::/8"],
    ["[fd00::/8]:443", ["fd00::/8", 443]],
  ])("%s", (text, expected) => expect(parse(text)).toEqual(expected));

  it.each([
    "",
    " ",
    "*",
    "*.",
    "a.*.com",
    "**.example.com",
    "ex ample.com",
    "-a.com",
    "a..b",
    "127.1",
    "0x7f000001",
    "1.2.3.4.5",
    "10.0.0.0/33",
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/8/8",
    "example.com/16",
    "example.com:0",
    "example.com:65536",
    "example.com:https",
    "example.com:",
    "[example.com]:443",
    "[::1",
    "::1:99999",
    "a\nb.com",
  ])("%j is refused, with what to do", (text) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: "invalid-options", hint: expect.stringMatching(/./) }),
    );
  });

  it("takes no URL, and says which host was meant without repeating a password", () => {
    expect(() => parse("https://example.com/x")).toThrow(
      expect.objectContaining({ hint: "Give only the host: example.com" }),
    );
    expect(() => parse("https://me:hunter2@example.com/")).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("hunter2") }),
    );
  });
});
