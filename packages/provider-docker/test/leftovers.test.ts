import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { thisProcess } from "@glovebox/core/state";
import { helperContainer } from "@glovebox/image-builder";
import type Docker from "dockerode";
import { afterEach, describe, expect, it } from "vitest";
import { listImages, removeImages } from "../src/index.ts";
import { sandboxFixture } from "./sandbox-fixture.ts";

const fixture = sandboxFixture();
const created: Docker.Container[] = [];

afterEach(async () => {
  for (const container of created.splice(0)) await container.remove({ force: true }).catch(() => {});
});

/** A process that has ended. */
function deadProcess(): string {
  const pid = Number(execFileSync("sh", ["-c", "echo $$"], { encoding: "utf8" }));
  return JSON.stringify({ ...thisProcess(), pid });
}

async function helper(change: Readonly<Record<string, string>>, options: Docker.ContainerCreateOptions = {}) {
  const { name, labels } = helperContainer("look");
  const { reference } = fixture.template();
  const container = await fixture.engine().createContainer({
    Image: reference,
    Entrypoint: ["none"],
    name,
    Labels: { ...labels, ...change },
    ...options,
  });
  created.push(container);
  return container;
}

async function isThere({ id }: Docker.Container): Promise<boolean> {
  return (await fixture.engine().listContainers({ all: true })).some(({ Id }) => Id === id);
}

describe("the containers that a killed process looked into an image with", () => {
  it("are removed, and those of a living one are not, however old they are", async () => {
    const ofDead = await helper({ "glovebox.helper.maker": deadProcess() });
    const ofLiving = await helper({ "glovebox.helper.expires": "1" });
    await fixture.provider.sweep?.();
    expect(await isThere(ofDead)).toBe(false);
    expect(await isThere(ofLiving)).toBe(true);
  });

  it("are removed once their time is over where their process cannot be looked at", async () => {
    const elsewhere = JSON.stringify({ ...thisProcess(), boot: "another machine" });
    const over = await helper({ "glovebox.helper.maker": elsewhere, "glovebox.helper.expires": "1" });
    const notYet = await helper({ "glovebox.helper.maker": elsewhere });
    await fixture.provider.sweep?.();
    expect([await isThere(over), await isThere(notYet)]).toEqual([false, true]);
  });

  it("are distinguished from a user's container of an image that carries the same labels", async () => {
    const usersOwn = await helper(
      { "glovebox.helper.expires": "1", "glovebox.helper.maker": "" },
      { name: `my-${randomUUID()}` },
    );
    await fixture.provider.sweep?.();
    expect(await isThere(usersOwn)).toBe(true);
  });
});

it("images of another owner are neither listed nor removed as one's own", async () => {
  await using sandbox = await fixture.create();
  const { owner } = fixture;
  const engine = fixture.engine();
  const { reference } = await sandbox.snapshot();
  const seenBy = async (one?: string) => {
    const images = await listImages(engine, one === undefined ? {} : { owner: one });
    return images.some((image) => image.reference === reference);
  };
  try {
    expect([await seenBy(owner), await seenBy("somebody-else"), await seenBy()]).toEqual([true, false, true]);
    await expect(removeImages(engine, { owner: "somebody-else", references: [reference] })).rejects.toMatchObject({
      code: "invalid-options",
      hint: expect.stringContaining("other owners"),
    });
    expect(await seenBy(owner)).toBe(true);
  } finally {
    await removeImages(engine, { owner, references: [reference] });
  }
  expect(await seenBy()).toBe(false);
});
