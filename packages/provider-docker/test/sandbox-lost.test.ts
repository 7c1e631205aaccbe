import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createDockerProvider } from "../src/index.ts";
import { engineProxy } from "./engine-proxy.ts";
import { finish, run, sandboxFixture } from "./sandbox-fixture.ts";

const fixture = sandboxFixture();

describe("a sandbox whose connection breaks", () => {
  it("fails a transfer in flight with lost, connects again and reads the rest of a process's output", async () => {
    const proxy = await engineProxy();
    const sandbox = await createDockerProvider({ host: proxy.host }).create(fixture.spec());
    const script = "echo begun; until [ -e go ]; do sleep 0.1; done; echo ended; exit 3";
    const reading = finish(await sandbox.spawn(["sh", "-c", script], { output: "detached" }));
    const writing = sandbox.files.writeStream("/workspace/half", endless());
    // Both have begun.
    await sandbox.files.stat("/workspace");
    proxy.cut();
    await expect(writing).rejects.toMatchObject({ code: "lost" });
    expect(await sandbox.files.stat("/workspace/half")).toBeNull();
    await run(sandbox, ["touch", "go"]);
    expect(await reading).toEqual({ exitCode: 3, reason: "exited", stdout: "begun\nended\n", stderr: "" });
    await sandbox.extend(60_000);
    await sandbox.destroy();
  });
});

async function* endless(): AsyncGenerator<Uint8Array, void> {
  for (;;) {
    yield Buffer.alloc(1000);
    await delay(20);
  }
}
