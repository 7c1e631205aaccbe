import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Lease } from "./lease.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("ends when its time is over, and not before", () => {
  const onEnd = vi.fn();
  const lease = new Lease(10_000, onEnd);
  vi.advanceTimersByTime(9_000);
  lease.set(5_000);
  vi.advanceTimersByTime(4_999);
  expect(onEnd).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onEnd).toHaveBeenCalledOnce();
});

it("that is held lets its end pass for half a minute, and ends then", () => {
  const onEnd = vi.fn();
  const lease = new Lease(1_000, onEnd);
  lease.hold();
  vi.advanceTimersByTime(29_999);
  expect(onEnd).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2);
  expect(onEnd).toHaveBeenCalledOnce();
});

it("that was held ends at the time that is set next", () => {
  const onEnd = vi.fn();
  const lease = new Lease(1_000, onEnd);
  lease.hold();
  vi.advanceTimersByTime(5_000);
  lease.set(2_000);
  vi.advanceTimersByTime(1_999);
  expect(onEnd).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onEnd).toHaveBeenCalledOnce();
});

it("that is held far from its end ends as it would have", () => {
  const onEnd = vi.fn();
  const lease = new Lease(60_000, onEnd);
  lease.hold();
  vi.advanceTimersByTime(59_999);
  expect(onEnd).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onEnd).toHaveBeenCalledOnce();
});
