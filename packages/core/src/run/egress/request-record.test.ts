import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { RunEventBody } from "../../events/run-event.ts";
import type { EgressEvent } from "../../provider/egress-policy.ts";
import { RequestRecord } from "./request-record.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const refused: EgressEvent = {
  ...{ host: "a.test", port: 443, method: "GET", decision: "denied", status: 403 },
  ...{ requestBytes: 0, responseBytes: 10, durationMs: 1 },
};

it("counts refusals together once there were many, and never a request that went out", () => {
  const events: RunEventBody[] = [];
  const record = new RequestRecord((event) => events.push(event));
  for (let index = 0; index < 1_000_000; index++) {
    record.add({ ...refused, host: `${index}.test` });
    if (index % 100_000 !== 0) continue;
    record.add({ ...refused, decision: "allowed", host: "allowed.test" });
    record.add({ ...refused, decision: "failed", host: "failed.test" });
    // The model's limit has cut it after it went out.
    record.add({ ...refused, requestBytes: 1, host: "cut.test" });
    vi.advanceTimersByTime(11_000);
  }
  record.flush();
  record.flush();
  const requests = events.flatMap((event) => (event.type === "network.request" ? [event] : []));
  const counted = events.flatMap((event) => (event.type === "network.refused" ? [event] : []));
  for (const host of ["allowed.test", "failed.test", "cut.test"])
    expect(requests.filter((event) => event.host === host)).toHaveLength(10);
  expect(requests).toHaveLength(10_030);
  expect(counted.reduce((sum, { count }) => sum + count, 0)).toBe(990_000);
  expect(counted.length).toBeLessThan(20);
  for (const { hosts } of counted) expect(hosts.length).toBeLessThanOrEqual(20);
});
