import { describe, expect, it } from "vitest";
import { canonicalHost } from "./canonical-host.ts";

describe("a host is written in one way", () => {
  it.each([
    ["Example.COM", "example.com"],
    ["example.com.", "example.com"],
    ["_dmarc.example.com", "_dmarc.example.com"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["example。com", "example.com"],
    ["127.0.0.1", "127.0.0.1"],
    ["127.1", "127.0.0.1"],
    ["0x7f.1", "127.0.0.1"],
    ["0177.0.0.1", "127.0.0.1"],
    ["2130706433", "127.0.0.1"],
    ["0x7f000001", "127.0.0.1"],
    ["127.0.0.1.", "127.0.0.1"],
    ["１２７.0.0.1", "127.0.0.1"],
    ["[::1]", "::1"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["[::ffff:127.0.0.1]", "127.0.0.1"],
    ["::ffff:7f00:1", "127.0.0.1"],
    ["FD00:EC2::254", "fd00:ec2::254"],
  ])("%s is %s", (text, host) => expect(canonicalHost(text)).toBe(host));

  it.each([
    "",
    ".",
    "example..com",
    "a b",
    "user@host",
    "host:80",
    "host/path",
    "host?x",
    "host#x",
    "host\\x",
    "ex%61mple.com",
    "[127.0.0.1]",
    "[::1",
    "[fe80::1%25eth0]",
    "fe80::1%eth0",
    "256.1.1.1",
    "1.2.3.4.5",
    `${"a".repeat(64)}.com`,
    "*.example.com",
    "a,b",
  ])("rejects %j", (text) => expect(canonicalHost(text)).toBeUndefined());
});
