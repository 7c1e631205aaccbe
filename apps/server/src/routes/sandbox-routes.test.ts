import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SandboxProvider } from "@glovebox/core/provider";
import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RunService } from "../runs/run-service.ts";
import { refuseError } from "./error-reply.ts";
import { sandboxRoutes } from "./sandbox-routes.ts";

const never = new Promise<never>(() => {});
let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "glovebox-routes-"));
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(home, { recursive: true });
});

describe("/v1/sandboxes", () => {
  it.each(["/", "/some-id"])("answers GET %s with 504 where the provider does not respond", async (path) => {
    const provider = {
      id: "silent",
      list: () => ({ [Symbol.asyncIterator]: () => ({ next: () => never }) }),
    } as Partial<SandboxProvider> as SandboxProvider;
    const app = new Hono().route("/", sandboxRoutes(provider, {} as RunService, home));
    app.onError((error, context) => refuseError(context, error));
    const response = app.request(path);
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect((await response).status).toBe(504);
    expect(await (await response).json()).toMatchObject({ error: { code: "timeout" } });
  });
});
