import { type CredentialRule, type HostRule, Secret } from "@glovebox/core/provider";
import { expect, it } from "vitest";
import { checkEgress } from "./check-egress.ts";

const secret = new Secret("TOKEN", "value");
const credential: CredentialRule = { host: "git.example.com", header: "authorization", secret, source: "test" };

function check(allow: readonly Partial<HostRule>[], credentials: readonly Partial<CredentialRule>[] = []): void {
  checkEgress({
    mode: "standard",
    models: [],
    allow: allow.map((rule) => ({ host: "a.example.com", source: "test", ...rule })),
    credentials: credentials.map((rule) => ({ ...credential, ...rule })),
  });
}

it.each(["example.com", "*.example.com", "localhost", "10.0.0.1", "10.0.0.0/8", "::1", "fd00::/8", "_x.a-b.test"])(
  "takes the host %s",
  (host) => expect(() => check([{ host }])).not.toThrow(),
);

it.each([
  ...[
    "",
    "*",
    "*.com",
    "a.*.com",
    "Example.com",
    "example.com.",
    "a b",
    "http://a",
    "a:80",
    "[::1]",
    "-a.test",
    "é.test",
  ],
  ...["10.0.0.0/33", "::/129", "10.0.0/8", "0x7f.1", "2130706433", "127.1", "1.2.3.256", "a..b", "*.10.0.0.1", "a\nb"],
])("refuses the host %j", (host) => {
  expect(() => check([{ host }])).toThrow(expect.objectContaining({ code: "invalid-options" }));
});

it.each([0, -1, 65536, 1.5, Number.NaN])("refuses the port %d", (port) => {
  expect(() => check([{ port }])).toThrow(expect.objectContaining({ code: "invalid-options" }));
  expect(() => check([], [{ port }])).toThrow(expect.objectContaining({ code: "invalid-options" }));
});

it.each<[string, readonly Partial<CredentialRule>[]]>([
  ["a pattern", [{ host: "*.example.com" }]],
  ["a block", [{ host: "10.0.0.0/8" }]],
  ["a header in capitals", [{ header: "Authorization" }]],
  ["a header with a line end", [{ header: "a\r\nb" }]],
  ["a header that says where the request goes", [{ header: "host" }]],
  ["a scheme of two words", [{ scheme: "Bearer x" }]],
  ["a path that is not plain", [{ paths: [{ method: "GET", path: "/a/../b" }] }]],
  ["two for one host and port", [{}, { port: 443 }]],
])("refuses a credential with %s", (_, credentials) => {
  expect(() => check([], credentials)).toThrow(expect.objectContaining({ code: "invalid-options" }));
});

it("takes credentials for two ports of a host", () => {
  expect(() =>
    check([], [{}, { port: 8443, scheme: "Basic", paths: [{ method: "GET", path: "/a/*" }] }]),
  ).not.toThrow();
});
