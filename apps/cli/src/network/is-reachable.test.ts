import { parseHostRule } from "@glovebox/core";
import { expect, it } from "vitest";
import { isReachable } from "./is-reachable.ts";

const allow = (...rules: string[]) => ({ allow: rules.map((rule) => parseHostRule(rule, "--allow-host")) });

it.each([
  ["10.1.2.3", "10.1.0.0/16"],
  ["fd00::1", "fd00::/8"],
  ["git.example.com", "*.example.com"],
  ["Example.com", "example.com"],
])("says that %s is reachable where %s is allowed", (host, rule) => {
  expect(isReachable({ host }, allow(rule))).toBe(true);
});

it.each([
  ["10.2.0.1", "10.1.0.0/16"],
  ["example.com", "*.example.com"],
  ["example.com", "example.com:8443"],
])("says that %s is out of reach where only %s is allowed", (host, rule) => {
  expect(isReachable({ host }, allow(rule))).toBe(false);
});

it("compares ports, and covers the web's own where a rule names none", () => {
  expect(isReachable({ host: "example.com", port: 8443 }, allow("example.com:8443"))).toBe(true);
  expect(isReachable({ host: "example.com", port: 80 }, allow("example.com"))).toBe(true);
  expect(isReachable({ host: "example.com", port: 8443 }, allow("example.com"))).toBe(false);
});
