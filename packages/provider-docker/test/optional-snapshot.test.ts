import { expect, it } from "vitest";
import { listImages, removeImages } from "../src/index.ts";
import { sandboxFixture, shell } from "./sandbox-fixture.ts";

const fixture = sandboxFixture();

it("a snapshot is an image of Glovebox's that is listed and removed as the others are", async () => {
  await using sandbox = await fixture.create();
  const { reference, digest } = await sandbox.snapshot();
  const listed = (await listImages(fixture.engine())).find((image) => image.reference === reference);
  expect(listed).toMatchObject({ kind: "snapshot", id: digest });
  const { removed } = await removeImages(fixture.engine(), { references: [reference] });
  expect(removed.map((image) => image.reference)).toEqual([reference]);
});

it("a container that somebody makes of a snapshot is no sandbox", async () => {
  await using sandbox = await fixture.create();
  const { reference } = await sandbox.snapshot();
  const { id } = await fixture.engine().createContainer({ Image: reference });
  try {
    expect((await fixture.list({})).map((info) => info.id)).not.toContain(id);
    await expect(fixture.provider.destroy(id)).rejects.toMatchObject({ code: "invalid-options" });
    await expect(fixture.provider.connect(id)).rejects.toMatchObject({ code: "not-found" });
  } finally {
    await fixture.engine().getContainer(id).remove();
    await removeImages(fixture.engine(), { references: [reference] });
  }
});

it("others connect while a snapshot is made, and what ran runs on", async () => {
  await using sandbox = await fixture.create();
  const counting = await sandbox.spawn(["sh", "-c", "while :; do echo . >> /workspace/beats; sleep 0.02; done"]);
  const connecting = Array.from({ length: 3 }, () => fixture.provider.connect(sandbox.id));
  const { reference } = await sandbox.snapshot();
  for (const handle of await Promise.all(connecting)) await handle.close();
  expect((await sandbox.info()).state).toBe("running");
  const size = async (): Promise<number> => (await sandbox.files.stat("/workspace/beats"))?.size ?? 0;
  const before = await size();
  await expect.poll(size).toBeGreaterThan(before);
  await counting.kill();
  await removeImages(fixture.engine(), { references: [reference] });
});

it("what root may have changed makes no sandbox that root is kept out of", async () => {
  await using sandbox = await fixture.create({ rootInside: true });
  expect((await shell(sandbox, "su -c 'echo changed >> /etc/motd'")).exitCode).toBe(0);
  const template = await sandbox.snapshot();
  try {
    await expect(fixture.create({ template })).rejects.toMatchObject({ code: "invalid-options" });
    await using again = await fixture.create({ template, rootInside: true });
    expect((await shell(again, "cat /etc/motd")).stdout).toContain("changed");
    const further = await again.snapshot();
    expect(further.reference).toMatch(/^glovebox\/root-snapshot:/);
    await again.destroy();
    await removeImages(fixture.engine(), { references: [further.reference] });
  } finally {
    await removeImages(fixture.engine(), { references: [template.reference] });
  }
});
