import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mapEngineError } from "../src/engine/engine-error.ts";
import { createEngine, resolveEngineEndpoint } from "../src/index.ts";

const engineAt = async (host?: string) => createEngine(await resolveEngineEndpoint(host === undefined ? {} : { host }));
const mapped = async (call: () => Promise<unknown>) => {
  const error = await call().then(
    () => new Error("it did not fail"),
    (thrown: unknown) => thrown,
  );
  return mapEngineError(error, "trying");
};

/** Answers every request with these bytes, or closes at once. */
async function withServer<T>(answer: string, use: (host: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "glovebox-engine-"));
  const server = createServer((socket) => {
    socket.once("data", () => (answer === "" ? socket.destroy() : socket.end(answer)));
  });
  await new Promise<void>((listening) => server.listen(join(directory, "engine.sock"), listening));
  try {
    return await use(`unix://${join(directory, "engine.sock")}`);
  } finally {
    server.close();
    await rm(directory, { recursive: true });
  }
}

const answerOf = (status: number, message: string) => {
  const body = JSON.stringify({ message });
  return `HTTP/1.1 ${status} X\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
};

describe("what an engine does wrong", () => {
  it.each([
    ["a socket that is missing", "unix:///nowhere/docker.sock"],
    ["a port that nobody listens on", "tcp://127.0.0.1:1"],
  ])("is unavailable, with what to do: %s", async (_, host) => {
    const engine = await engineAt(host);
    const error = await mapped(() => engine.ping());
    expect(error).toMatchObject({ code: "unavailable", providerId: "docker", retryable: true });
    expect(error.remedy).toEqual({ do: "set-up" });
    expect(error.message).not.toContain("\n");
  });

  it("is not-found for what the engine does not have", async () => {
    const engine = await engineAt();
    expect((await mapped(() => engine.getContainer("no-such-container").inspect())).code).toBe("not-found");
    const stream = await mapped(() => engine.getContainer("no-such-container").attach({ stream: true, stdout: true }));
    expect(stream).toMatchObject({
      code: "not-found",
      message: expect.stringMatching(/^Docker failed while trying: No such container/i),
    });
  });

  it("is invalid-options for what the engine refuses as malformed", async () => {
    const engine = await engineAt();
    expect((await mapped(() => engine.createContainer({ Image: "UPPER CASE" }))).code).toBe("invalid-options");
  });

  it.each([
    [401, "log in", "authentication", false],
    [409, "name in use", "unavailable", false],
    [429, "slow down", "rate-limited", true],
    [500, "write /x: no space left on device", "quota", false],
    [500, "broken", "unavailable", false],
    [503, "starting", "unavailable", true],
  ])("goes by the status %i (%s)", async (status, said, code, retryable) => {
    const error = await withServer(answerOf(status, said), async (host) =>
      mapped(async () => (await engineAt(host)).info()),
    );
    expect(error).toMatchObject({ code, retryable, message: `Docker failed while trying: ${said}` });
  });

  it("is lost when the connection breaks, aborted or timed out when the caller's signal says so", async () => {
    expect((await withServer("", async (host) => mapped(async () => (await engineAt(host)).info()))).code).toBe("lost");
    const engine = await engineAt();
    const gone = engine.getContainer("x");
    expect((await mapped(() => gone.inspect({ abortSignal: AbortSignal.abort() }))).code).toBe("aborted");
    expect(mapEngineError(new DOMException("late", "TimeoutError"), "trying")).toMatchObject({
      code: "timeout",
      retryable: true,
    });
  });

  it("is authentication, with the docker group named, where the socket may not be opened", () => {
    const refused = Object.assign(new Error("connect EACCES /var/run/docker.sock"), { code: "EACCES" });
    expect(mapEngineError(refused, "trying")).toMatchObject({
      code: "authentication",
      hint: expect.stringContaining("docker group"),
    });
  });

  it("is lost when an answer breaks off in its middle, instead of being waited for", async () => {
    const half = answerOf(200, "a message that does not come whole").slice(0, -20);
    const error = await withServer(half, async (host) => mapped(async () => (await engineAt(host)).info()));
    expect(error).toMatchObject({ code: "lost", providerId: "docker" });
  });

  it.each([
    ["seconds", "7", 7000],
    ["a date that has passed", "Wed, 21 Oct 2015 07:28:00 GMT", 0],
    ["no time that can be read", "soon", undefined],
  ])("is rate-limited with the time to wait where that is %s", async (_, wait, retryAfterMs) => {
    const answer = answerOf(429, "slow down").replace("Connection:", `Retry-After: ${wait}\r\nConnection:`);
    const error = await withServer(answer, async (host) => mapped(async () => (await engineAt(host)).info()));
    expect([error.code, error.retryAfterMs]).toEqual(["rate-limited", retryAfterMs]);
  });
});
