import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { collectWorkspace } from "@glovebox/core";
import { execa } from "execa";
import type { BenchCase } from "../bench-case.ts";
import { type BenchSetup, execInContainer, removeContainer } from "../bench-setup.ts";
import { type Contender, measure } from "../measure.ts";

interface Load {
  readonly name: string;
  readonly rounds: number;
  /** Makes the load in a new directory on the host. */
  make(directory: string): Promise<void>;
}

const manyFiles: Load = {
  name: "10,000 files",
  rounds: 5,
  async make(directory) {
    for (let index = 0; index < 10_000; index++) {
      const part = join(directory, `part-${index % 100}`);
      if (index < 100) mkdirSync(part);
      writeFileSync(join(part, `file-${index}.txt`), `${index}\n`.repeat(100));
    }
  },
};

const oneGibibyte: Load = {
  name: "1 GiB",
  rounds: 3,
  async make(directory) {
    const file = await open(join(directory, "large.bin"), "w");
    const block = Buffer.alloc(1024 * 1024);
    for (let index = 0; index < 1024; index++) {
      crypto.getRandomValues(block.subarray(0, 65_536));
      await file.write(block);
    }
    await file.close();
  },
};

export const transfersIn: readonly BenchCase[] = [manyFiles, oneGibibyte].map(caseIn);
export const transfersOut: readonly BenchCase[] = [manyFiles, oneGibibyte].map(caseOut);

function caseIn(load: Load): BenchCase {
  return {
    title: `${load.name} in`,
    reference: "docker cp",
    run: (setup) =>
      withBoth(setup, load, ({ sandbox, container, source }) =>
        measure(load.rounds, [
          {
            name: "glovebox",
            async round(index) {
              const target = `/workspace/in-${index}`;
              await sandbox.files.makeDirectory(target);
              const start = performance.now();
              await sandbox.files.putArchive(target, tarOf(source));
              return performance.now() - start;
            },
          },
          {
            name: "docker cp",
            async round(index) {
              const start = performance.now();
              await execa("docker", ["cp", `${source}/.`, `${container.id}:/workspace/in-${index}`]);
              return performance.now() - start;
            },
          },
        ]),
      ),
  };
}

function caseOut(load: Load): BenchCase {
  return {
    title: `${load.name} out, to the disk`,
    reference: "docker cp",
    run: (setup) =>
      withBoth(setup, load, async ({ sandbox, container, source }) => {
        await sandbox.files.putArchive("/workspace", tarOf(source));
        await execa("docker", ["cp", `${source}/.`, `${container.id}:/workspace`]);
        return measure(load.rounds, [
          out("glovebox (every file hashed and checked)", setup, async (outputDirectory, runDirectory) => {
            const { files, error } = await collectWorkspace(sandbox, { outputDirectory, runDirectory, ignore: [] });
            if (error !== undefined || !files.complete) throw error ?? new Error("not everything came back");
          }),
          out("docker cp", setup, async (outputDirectory) => {
            await execa("docker", ["cp", `${container.id}:/workspace/.`, outputDirectory]);
          }),
        ]);
      }),
  };
}

function out(
  name: string,
  setup: BenchSetup,
  copy: (outputDirectory: string, runDirectory: string) => Promise<void>,
): Contender {
  return {
    name,
    async round(index) {
      const outputDirectory = join(setup.directory, `${name.split(" ")[0]}-${index}`);
      const runDirectory = `${outputDirectory}.run`;
      mkdirSync(outputDirectory);
      mkdirSync(runDirectory);
      const start = performance.now();
      await copy(outputDirectory, runDirectory);
      const took = performance.now() - start;
      rmSync(outputDirectory, { recursive: true });
      rmSync(runDirectory, { recursive: true });
      return took;
    },
  };
}

type Both = {
  sandbox: Awaited<ReturnType<BenchSetup["newSandbox"]>>;
  container: Awaited<ReturnType<BenchSetup["newContainer"]>>;
  source: string;
};

async function withBoth<T>(setup: BenchSetup, load: Load, use: (both: Both) => Promise<T>): Promise<T> {
  const source = join(setup.directory, "source");
  mkdirSync(source);
  await load.make(source);
  const sandbox = await setup.newSandbox();
  const container = await setup.newContainer();
  await execInContainer(container, ["true"]);
  try {
    return await use({ sandbox, container, source });
  } finally {
    await sandbox.destroy();
    await removeContainer(container);
    rmSync(source, { recursive: true });
  }
}

async function* tarOf(directory: string): AsyncGenerator<Uint8Array> {
  const tar = spawn("tar", ["-C", directory, "-c", "."], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(tar, "exit");
  yield* tar.stdout;
  const [code] = await exited;
  if (code !== 0) throw new Error(`tar exited with ${code}`);
}
