import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { setStage } from "./support/stage.ts";

it("mentions a newer release after a command in a terminal, and nowhere else", async () => {
  await using stage = await setStage({ turns: [] });
  let requests = 0;
  const registry = createServer((_, response) => {
    requests += 1;
    response.end('{"version":"99.0.0"}');
  });
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  const state = join(stage.home, "update-check.json");
  mkdirSync(stage.home);
  // A command that lasts until the answer was kept.
  const editor = join(stage.directory, "editor");
  writeFileSync(editor, `#!/bin/sh\nuntil grep -q latest '${state}'; do sleep 0.05; done\n`);
  chmodSync(editor, 0o755);
  const env = {
    GLOVEBOX_NO_UPDATE_CHECK: undefined,
    NPM_CONFIG_REGISTRY: `http://127.0.0.1:${(registry.address() as AddressInfo).port}`,
    EDITOR: editor,
  };
  const run = async (args: readonly string[], terminal: boolean) => await stage.glovebox(args, { terminal, env }).done;
  expect((await run(["config", "path"], false)).code).toBe(0);
  expect(existsSync(state)).toBe(false);
  const first = await run(["config", "edit"], true);
  expect(first).toMatchObject({ code: 0, stderr: "" });
  expect(first.stdout).toMatch(/Glovebox 99\.0\.0 is available, this is \S+: npm\s+install -g @glovebox\/cli/);
  expect((await run(["config", "edit"], true)).stdout).toBe("");
  expect(requests).toBe(1);
  registry.closeAllConnections();
  await new Promise((resolve) => registry.close(resolve));
});
