import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createDockerProvider } from "../../provider-docker/src/index.ts";
import { certify, conformanceCases, conformanceReportSchema } from "../src/certify/index.ts";

const create = () => createDockerProvider();

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "glovebox-certify-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

it("certifies nothing where the provider is not ready", async () => {
  const report = join(temporaryDirectory(), "report");
  const unreachable = () => createDockerProvider({ host: "unix:///nonexistent/docker.sock" });
  await expect(certify({ create: unreachable, report })).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(/^Nothing was certified: engine: /),
  });
  expect(() => readFileSync(`${report}.json`)).toThrow(/ENOENT/);
});

it.each([
  ["names no case", { "life/no-such-case": "because" }, /no case life\/no-such-case/],
  ["gives no reason", { "life/close": " " }, /gives no reason/],
])("refuses a skip that %s", async (_, skips, message) => {
  await expect(certify({ create, skips })).rejects.toMatchObject({ code: "invalid-options", message });
});

it("reports what passed, what is not claimed and what was skipped", async () => {
  const path = join(temporaryDirectory(), "made", "report");
  const seen: string[] = [];
  const report = await certify({
    create,
    report: path,
    versions: { engine: "1.2" },
    skips: { "life/close": "there is | no time" },
    only: ["life/close", "life/create-reads-back", "life/list-throws", "capabilities/disk-enforced"],
    onResult: ({ name }) => seen.push(name),
  });
  expect(report.cases.map(({ name, status }) => [name, status])).toEqual([
    ["capabilities/disk-enforced", "unsupported"],
    ["life/close", "skipped"],
    ["life/create-reads-back", "passed"],
    ["life/list-throws", "skipped"],
  ]);
  expect(seen.toSorted()).toEqual(report.cases.map(({ name }) => name));
  expect(report.leftBehind).toBe(0);
  expect(conformanceReportSchema.parse(JSON.parse(readFileSync(`${path}.json`, "utf8")))).toEqual(report);
  const markdown = readFileSync(`${path}.md`, "utf8");
  expect(markdown).toContain("**1 passed, 0 failed, 1 unsupported, 2 skipped.**");
  expect(markdown).toContain("skipped: there is \\| no time");
  expect(markdown).toContain("engine 1.2");
});

it("reports a case that fails, with its reason", async () => {
  const broken = () => {
    const provider = create();
    return { ...provider, list: async function* () {} };
  };
  const report = await certify({ create: broken, only: ["life/list-by-labels"] });
  expect(report.cases).toEqual([
    expect.objectContaining({ status: "failed", error: expect.stringContaining("AssertionError") }),
  ]);
});

it("has cases with names that are stable and different", () => {
  const names = conformanceCases.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z]+\/[a-z0-9-]+$/);
  for (const { title } of conformanceCases) expect(title).not.toMatch(/\.$/);
});
