import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSmallAgent } from "../../../examples/third-party-harness/src/index.ts";
import { createBubblewrapProvider } from "../../../examples/third-party-provider/src/index.ts";
import { certify, harnessCases } from "../src/certify/index.ts";
import { brokenVariants, withoutStatus } from "./broken/broken-variants.ts";

// Where nothing says that bubblewrap should be there, a machine may be without it.
const hasBubblewrap = Boolean(process.env.CI) || spawnSync("bwrap", ["--version"]).status === 0;
const key = "gbkey-of-the-broken-variants-0123456789";

let stateDir = "";
beforeAll(() => {
  stateDir = mkdtempSync(join(tmpdir(), "glovebox-broken-"));
});
afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

const provider = () => createBubblewrapProvider({ stateDir });

it("has cases with names that are stable and different", () => {
  const names = harnessCases.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, title } of harnessCases) {
    expect(name).toMatch(/^[a-z]+\/[a-z0-9-]+$/);
    expect(title).not.toMatch(/\.$/);
  }
});

it.each([
  ["names no case", { "work/no-such-case": "because" }, /no case work\/no-such-case/],
  ["gives no reason", { "work/succeeds": " " }, /gives no reason/],
])("refuses a skip that %s", async (_, skips, message) => {
  const options = { create: () => createSmallAgent(), provider: provider(), skips };
  await expect(certify(options)).rejects.toMatchObject({ code: "invalid-options", message });
});

describe.skipIf(!hasBubblewrap)("with the real program", () => {
  it("passes the harness that the broken ones are made of", async () => {
    const only = [...new Set(brokenVariants.map(({ caughtBy }) => caughtBy))];
    const report = await certify({ create: () => createSmallAgent(), provider: provider(), key, only });
    expect(report.cases.map(({ name, status, error }) => ({ name, status, error }))).toEqual(
      only.toSorted().map((name) => ({ name, status: "passed", error: undefined })),
    );
    expect(report.leftBehind).toBe(0);
  });

  it("passes a harness that does not say how the API answered", async () => {
    const create = () => withoutStatus(createSmallAgent());
    const { cases } = await certify({ create, provider: provider(), key, only: ["api/401"] });
    expect(cases).toEqual([expect.objectContaining({ status: "passed" })]);
  });

  it.each(brokenVariants)("catches a harness that $name", async ({ breaks, caughtBy }) => {
    const create = () => breaks(createSmallAgent(), key);
    const { cases } = await certify({ create, provider: provider(), key, only: [caughtBy] });
    expect(cases).toEqual([
      expect.objectContaining({ name: caughtBy, status: "failed", error: expect.stringContaining("AssertionError") }),
    ]);
  });
});
