import { describe, expect, it } from "vitest";
import { withDeadline } from "./with-deadline.ts";

const options = { provider: { id: "acme", name: "Acme" }, operation: "starting the sandbox", timeoutMs: 60_000 };

describe("withDeadline", () => {
  it("rejects with timeout when the operation takes too long, and aborts it", async () => {
    let cancelled: AbortSignal | undefined;
    const work = withDeadline({ ...options, timeoutMs: 1, retryable: true }, (signal) => {
      cancelled = signal;
      return new Promise(() => {});
    });
    await expect(work).rejects.toMatchObject({ code: "timeout", providerId: "acme", retryable: true });
    expect(cancelled?.aborted).toBe(true);
  });

  it("rejects with aborted as soon as the signal fires, whether the operation listens or not", async () => {
    const aborting = new AbortController();
    const work = withDeadline({ ...options, signal: aborting.signal }, () => new Promise(() => {}));
    aborting.abort();
    await expect(work).rejects.toMatchObject({ code: "aborted", message: "Aborted while starting the sandbox" });
  });

  it("does not start an operation whose signal has fired", async () => {
    let started = false;
    const work = withDeadline({ ...options, signal: AbortSignal.abort() }, async () => {
      started = true;
    });
    await expect(work).rejects.toMatchObject({ code: "aborted" });
    expect(started).toBe(false);
  });

  it("passes on what the operation resolves to or rejects with", async () => {
    expect(await withDeadline(options, async () => 1)).toBe(1);
    const error = new Error("no route");
    await expect(withDeadline(options, () => Promise.reject(error))).rejects.toBe(error);
  });
});
