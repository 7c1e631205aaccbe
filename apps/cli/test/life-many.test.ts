import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { setStage } from "./support/stage.ts";
import { say, write } from "./support/turns.ts";

async function whatIsThere(stage: Awaited<ReturnType<typeof setStage>>) {
  const { Volumes } = await stage.docker.listVolumes();
  return {
    containers: await stage.containers(),
    networks: (await stage.docker.listNetworks()).map(({ Name }) => Name).sort(),
    volumes: (Volumes ?? []).map(({ Name }) => Name).sort(),
    temporary: readdirSync(stage.temporary),
  };
}

it("20 runs in a row, and 8 at once, leave no container, network, volume, socket or temporary directory", async () => {
  await using stage = await setStage({ turns: [write("a.txt", "a"), say("Done.")] });
  const before = await whatIsThere(stage);
  const runOnce = async (name: string) => {
    const done = await stage.glovebox(["run", "Try", "--output", name, "--quiet"]).done;
    expect(done.code, done.stderr).toBe(0);
    expect(stage.file(`${name}/a.txt`)).toBe("a");
  };
  for (let index = 0; index < 20; index++) await runOnce(`row-${index}`);
  await Promise.all(Array.from({ length: 8 }, (_, index) => runOnce(`once-${index}`)));
  expect(await whatIsThere(stage)).toEqual(before);
}, 400_000);
