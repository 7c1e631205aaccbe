import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SandboxProvider } from "@glovebox/core/provider";
import { createDockerProvider } from "@glovebox/provider-docker";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createE2bGateway } from "../src/index.ts";
import { apiKey } from "./control-fixture.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "gateway-close-"));
});
// Not forced: a directory that something still writes to fails here.
afterEach(() => rm(root, { recursive: true }));

test("closing while the base template is looked up, before anything was asked for, leaves no call to the provider", async () => {
  const { provider, calls } = watch(createDockerProvider());
  const gateway = createE2bGateway({ provider, apiKeys: [apiKey], stateDir: root, warmPoolSize: 1 });
  await gateway.start();
  await gateway.close({ sandboxes: "kill" });
  expect([...calls.running]).toEqual([]);
});

test("closing ends creates, builds and half an upload, and nothing is written afterwards", async () => {
  const { provider, calls } = watch(createDockerProvider());
  const stateDir = join(root, "state");
  const gateway = createE2bGateway({ provider, apiKeys: [apiKey], stateDir, warmPoolSize: 1 });
  await gateway.prepare();
  const server = http.createServer((request, response) => gateway.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = async (path: string, body: unknown): Promise<Response> =>
    fetch(`${url}${path}`, { method: "POST", headers: { "x-api-key": apiKey }, body: JSON.stringify(body) });

  const { templateID, buildID } = (await (await ask("/v3/templates", { name: "endless" })).json()) as {
    templateID: string;
    buildID: string;
  };
  const steps = [{ type: "RUN", args: ["sleep 3600"] }];
  const building = await ask(`/v2/templates/${templateID}/builds/${buildID}`, { fromTemplate: "base", steps });
  expect(building.status).toBe(202);
  const { url: link } = (await (
    await fetch(`${url}/templates/${templateID}/files/${"a".repeat(64)}`, { headers: { "x-api-key": apiKey } })
  ).json()) as { url: string };
  const upload = http.request(link, { method: "PUT", headers: { "content-length": 1000 } });
  const uploadEnded = new Promise((resolve) => upload.once("error", resolve).once("response", resolve));
  upload.write("half of it");
  const creates = Array.from({ length: 3 }, () =>
    ask("/sandboxes", { templateID: "base" }).then(
      ({ status }) => status,
      () => "broken off",
    ),
  );
  await expect.poll(() => calls.seen, { timeout: 60_000 }).toEqual(expect.arrayContaining(["create", "prepare"]));
  await expect.poll(() => existsSync(join(stateDir, "uploads")), { timeout: 60_000 }).toBe(true);

  await gateway.close({ sandboxes: "kill" });
  const after = calls.seen.length;
  expect([...calls.running]).toEqual([]);
  await rm(stateDir, { recursive: true });
  await uploadEnded;
  await Promise.all(creates);
  expect((await ask("/sandboxes", { templateID: "base" })).status).toBe(503);
  expect(calls.seen).toHaveLength(after);
  expect(existsSync(stateDir)).toBe(false);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** The provider, and the calls of it that have not settled. */
function watch(provider: SandboxProvider) {
  const calls = { seen: [] as string[], running: new Set<string>() };
  const watched = new Proxy(provider, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function" || name === "list") return value;
      return (...args: unknown[]) => {
        const call = `${String(name)} ${calls.seen.push(String(name))}`;
        const done: unknown = Reflect.apply(value, target, args);
        if (!(done instanceof Promise)) return done;
        calls.running.add(call);
        return done.finally(() => calls.running.delete(call));
      };
    },
  });
  return { provider: watched, calls };
}
