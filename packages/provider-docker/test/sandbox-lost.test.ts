import { describe, expect, it } from "vitest";
import { createDockerProvider } from "../src/index.ts";
import { engineProxy } from "./engine-proxy.ts";
import { finish, run, sandboxFixture } from "./sandbox-fixture.ts";

const fixture = sandboxFixture();

describe("a sandbox whose connection breaks", () => {
  it("fails what was under way with lost, lives on, and is connected to again", async () => {
    const proxy = await engineProxy();
    const sandbox = await createDockerProvider({ host: proxy.host }).create(fixture.spec());
    const process = await sandbox.spawn(["sh", "-c", "echo begun; sleep 1000"], { output: "detached" });
    const reading = finish(process);
    proxy.cut();
    await expect(reading).rejects.toMatchObject({ code: "lost" });
    expect(await process.exit).toEqual(expect.objectContaining({ exitCode: null, reason: "lost" }));
    await expect(sandbox.spawn(["true"])).rejects.toMatchObject({ code: "lost" });
    await expect(sandbox.extend(1000)).rejects.toMatchObject({ code: "lost" });

    await using again = await fixture.provider.connect(sandbox.id);
    expect((await again.processes()).map(({ id, exit }) => [id, exit])).toEqual([[process.id, undefined]]);
    expect((await run(again, ["echo", "alive"])).stdout).toBe("alive\n");
    await sandbox.destroy();
  });
});
