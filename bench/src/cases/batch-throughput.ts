import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { BenchCase } from "../bench-case.ts";
import type { BenchSetup } from "../bench-setup.ts";
import { measure } from "../measure.ts";

const rows = 16;
const concurrency = 4;
const script = "seq 1000 > out.txt";
const cli = fileURLToPath(new URL("../../../apps/cli/src/main.ts", import.meta.url));
const harness = fileURLToPath(new URL("../../../stress/src/shell-harness.ts", import.meta.url));

/** The same small work in a new sandbox for each row; its file comes back. */
export const batchThroughput: BenchCase = {
  title: `batch of ${rows} rows, ${concurrency} at a time`,
  reference: `docker run, ${concurrency} at a time`,
  async run(setup) {
    return await measure(3, [
      { name: "glovebox batch", round: () => batch(setup) },
      { name: `docker run, ${concurrency} at a time`, round: () => loop(setup, concurrency) },
      { name: "docker run, one after the other", round: () => loop(setup, 1) },
    ]);
  },
};

async function batch({ directory }: BenchSetup): Promise<undefined> {
  const root = mkdtempSync(join(directory, "batch-"));
  const prompt = `${script}; echo 'stress: done'`;
  writeFileSync(join(root, "batch.json"), JSON.stringify({ rows: [{ prompt, repeat: rows }] }));
  const args = ["batch", "batch.json", "--harness", harness, "--concurrency", String(concurrency), "--quiet"];
  await execa(process.execPath, ["--conditions=@glovebox/source", "--", cli, ...args], {
    cwd: root,
    env: { GLOVEBOX_HOME: join(root, "home"), ANTHROPIC_API_KEY: "sk-ant-bench-0000000000000000" },
  });
  return undefined;
}

async function loop({ directory, template }: BenchSetup, lanes: number): Promise<undefined> {
  const root = mkdtempSync(join(directory, "loop-"));
  let next = 0;
  const lane = async () => {
    while (next < rows) {
      const name = `out-${next++}.txt`;
      const args = ["run", "--rm", "--network", "none", "--entrypoint", "sh", template.reference];
      const { stdout } = await execa("docker", [...args, "-c", `${script}; cat out.txt`]);
      writeFileSync(join(root, name), stdout);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return undefined;
}
