import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FailedKeys } from "./failed-keys.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const request = (address: string, url = "/v1/runs") => ({ method: "GET", url, socket: { remoteAddress: address } });

function open() {
  const lines: Record<string, unknown>[] = [];
  const say = (facts: object, message: string) => void lines.push({ ...facts, message });
  return { lines, failed: new FailedKeys({ info: say, warn: say }) };
}

it("logs the first failure at once, and the number of those that followed in one line", () => {
  const { lines, failed } = open();
  failed.add("wrong", request("192.0.2.1", "/v1/runs?key=secret"));
  for (let at = 0; at < 100_000; at += 1)
    failed.add(at % 2 === 0 ? "wrong" : "missing", request(`192.0.2.${at % 250}`));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ address: "192.0.2.1", path: "/v1/runs", key: "wrong" });
  vi.advanceTimersByTime(10_000);
  expect(lines).toHaveLength(2);
  expect(lines[1]).toMatchObject({ missing: 50_000, wrong: 50_000 });
  expect(lines[1]?.addresses).toHaveLength(10);
  failed.add("missing", request("192.0.2.7"));
  expect(lines).toHaveLength(3);
  expect(JSON.stringify(lines)).not.toContain("secret");
});

it("logs what is left when it is closed, and nothing where nothing is", () => {
  const { lines, failed } = open();
  failed.close();
  expect(lines).toEqual([]);
  failed.add("missing", request("::1", `/${"x".repeat(5000)}\u202e`));
  failed.add("missing", request("::1"));
  failed.close();
  expect(lines).toHaveLength(2);
  expect(String(lines[0]?.path).length).toBeLessThanOrEqual(200);
  expect(JSON.stringify(lines)).not.toContain("\u202e");
});
