import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readBatchFile } from "../file/read-batch-file.ts";
import { type ExpandRowsOptions, expandRows } from "./expand-rows.ts";
import { rowsOfPromptDirectory } from "./prompt-directory.ts";

const directory = mkdtempSync(join(tmpdir(), "glovebox-rows-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const fallback = { provider: "docker", harness: "claude-code" };

async function expand(text: string, more: Partial<ExpandRowsOptions> = {}) {
  const file = readBatchFile({ text, name: "batch.yaml" });
  return await expandRows({ file, name: "batch.yaml", directory, fallback, ...more });
}

describe("expandRows", () => {
  it("multiplies the rows by the matrix and their repetitions, and groups the candidates of a prompt", async () => {
    const rows = await expand(`
defaults: { repeat: 2 }
matrix: { models: [a, b] }
rows:
  - prompt: One
  - { id: two, prompt: Two, model: c }
  - { id: three, prompt: Three, repeat: 1 }
`);
    expect(rows.map(({ id, group, model }) => [id, group, model])).toEqual([
      ["r001", "r001", "a"],
      ["r002", "r001", "a"],
      ["r003", "r001", "b"],
      ["r004", "r001", "b"],
      ["two-1", "two", "c"],
      ["two-2", "two", "c"],
      ["three-1", "three", "a"],
      ["three-2", "three", "b"],
    ]);
  });

  it("merges limits by key, replaces lists of the defaults, and adds those of the overrides", async () => {
    const [row] = await expand(
      `
defaults: { agents: [a], env: [CI], limits: { timeout: 5m, maxCost: 1 }, network: { mode: sealed } }
rows: [{ prompt: One, agents: [b, ./local.md], limits: { maxCost: 2 }, network: { allow: [x.org] } }]
`,
      { overrides: { agents: ["c"], env: ["HOME"], limits: { timeout: 1000 }, model: "m" } },
    );
    expect(row).toMatchObject({
      components: { agents: ["b", join(directory, "local.md"), "c"] },
      env: ["CI", "HOME"],
      limits: { timeout: 1000, maxCost: 2 },
      network: { mode: "sealed", allow: ["x.org"] },
      model: "m",
      ...fallback,
    });
  });

  it("reads prompt files and resolves paths from the file's directory", async () => {
    writeFileSync(join(directory, "task.md"), "From a file\n");
    const [row] = await expand("rows: [{ promptFile: task.md, workspace: ../app }]");
    expect(row).toMatchObject({ prompt: "From a file\n", workspace: join(directory, "..", "app") });
  });

  it("takes a template by its name, or by its description from the file's directory", async () => {
    const rows = await expand("rows: [{ prompt: a, template: web }, { prompt: b, template: web.yaml }]");
    expect(rows.map(({ template }) => template)).toEqual(["web", join(directory, "web.yaml")]);
  });

  it("names every row without a usable prompt, and every id that is used twice", async () => {
    const text = `rows:
  - { id: a, prompt: One }
  - { id: a, prompt: Two }
  - { model: m }
  - { promptFile: none.md }
  - { prompt: x, promptFile: task.md }
`;
    const problems = await expand(text).catch((error: Error) => error.message);
    expect(problems).toContain("batch.yaml:3: the id a is used twice");
    expect(problems).toContain("batch.yaml:4: has no prompt");
    expect(problems).toContain("batch.yaml:5: promptFile none.md does not exist");
    expect(problems).toContain("batch.yaml:6: has both a prompt and a promptFile");
  });

  it("refuses a flag that contradicts the matrix", async () => {
    const expanding = expand("matrix: { prompts: [a], models: [x] }", { overrides: { model: "y" } });
    await expect(expanding).rejects.toThrow("matrix.models and --model contradict each other");
  });

  it("refuses more than 10,000 rows", async () => {
    const many = Array.from({ length: 101 }, (_, index) => `{ prompt: p${index}, repeat: 100 }`).join(",");
    await expect(expand(`rows: [${many}]`)).rejects.toThrow("more than 10000 rows");
  });

  it("makes a row of each file of a directory, named after it", async () => {
    const prompts = mkdtempSync(join(directory, "prompts-"));
    for (const name of ["b task.md", "a.txt", "A.md", ".hidden"]) writeFileSync(join(prompts, name), `Prompt ${name}`);
    const file = { defaults: {}, matrix: {}, rows: await rowsOfPromptDirectory(prompts) };
    const rows = await expandRows({ file, name: prompts, directory: prompts, fallback });
    expect(rows.map(({ id, prompt }) => [id, prompt])).toEqual([
      ["r001", "Prompt A.md"],
      ["r002", "Prompt a.txt"],
      ["b-task", "Prompt b task.md"],
    ]);
  });
});
