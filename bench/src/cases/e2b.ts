import { once } from "node:events";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type Docker from "dockerode";
import { E2B, type Sandbox } from "e2b";
import { execa } from "execa";
import { pack } from "tar-stream";
import type { BenchCase } from "../bench-case.ts";
import { type BenchSetup, execInContainer, removeContainer } from "../bench-setup.ts";
import { type Contender, measure, type Sample } from "../measure.ts";

const gatewayProcess = fileURLToPath(new URL("../gateway-process.ts", import.meta.url));
const name = "e2b SDK, gateway";
const reference = "dockerode";

/** What a program written for E2B waits for, against the bare engine. The containers have no egress and no daemon inside. */
export const e2bCases: readonly BenchCase[] = [
  {
    title: "e2b: create to first command",
    reference,
    run: (setup) => withClient(setup, ({ contenders }) => measure(12, contenders(1))),
  },
  {
    // As `glovebox serve` has it. Between rounds there is time in which the next spare is made.
    title: "e2b: create to first command, one spare sandbox ready",
    reference,
    run: (setup) => withClient(setup, ({ contenders }) => measure(12, contenders(1, 2_000)), 1),
  },
  {
    title: "e2b: 20 at once, create to first command",
    reference,
    run: (setup) => withClient(setup, ({ contenders }) => measure(3, contenders(20))),
  },
  {
    title: "e2b: one command",
    reference,
    run: (setup) =>
      withBoth(setup, (sandbox, container) =>
        measure(60, [
          { name, round: () => nothing(sandbox.commands.run("true")) },
          { name: reference, round: () => nothing(execInContainer(container, ["/bin/bash", "-l", "-c", "true"])) },
        ]),
      ),
  },
  {
    title: "e2b: 64 MB up",
    reference,
    run: (setup) =>
      withBoth(setup, (sandbox, container) =>
        measure(5, [
          { name, round: () => nothing(sandbox.files.write("/home/user/up.bin", new Blob([load]).stream())) },
          {
            name: reference,
            round: () => nothing(container.putArchive(tarOf("up.bin", load), { path: "/workspace" })),
          },
        ]),
      ),
  },
  {
    title: "e2b: 64 MB down",
    reference,
    run: (setup) =>
      withBoth(setup, async (sandbox, container) => {
        await sandbox.files.write("/home/user/down.bin", new Blob([load]).stream());
        await container.putArchive(tarOf("down.bin", load), { path: "/workspace" });
        return measure(5, [
          {
            name,
            async round() {
              for await (const _ of await sandbox.files.read("/home/user/down.bin", { format: "stream" }));
              return undefined;
            },
          },
          {
            name: reference,
            async round() {
              const archive = await container.getArchive({ path: "/workspace/down.bin" });
              for await (const _ of archive);
              return undefined;
            },
          },
        ]);
      }),
  },
];

const load = randomBlock(64 << 20);

interface Client {
  readonly client: E2B;
  /** Creates that many sandboxes at once, runs a first command in each, and pauses after each round. */
  contenders(count: number, pauseMs?: number): readonly Contender[];
}

async function withClient<T>(setup: BenchSetup, use: (client: Client) => Promise<T>, spares = 0): Promise<T> {
  const argv = ["--conditions=@glovebox/source", gatewayProcess, String(spares)];
  const serving = execa(process.execPath, argv, { stderr: "inherit" });
  try {
    const [line] = await once(serving.stdout, "data");
    const { apiKey, url } = JSON.parse(String(line));
    const client = new E2B({ apiKey, apiUrl: url, sandboxUrl: url });
    const inSandbox = async () => {
      const sandbox = await client.Sandbox.create();
      await sandbox.commands.run("true");
      return () => sandbox.kill();
    };
    const inContainer = async () => {
      const container = await setup.newContainer();
      await execInContainer(container, ["/bin/bash", "-l", "-c", "true"]);
      return () => removeContainer(container);
    };
    type Create = () => Promise<() => Promise<unknown>>;
    const contender = (title: string, count: number, pauseMs: number, create: Create): Contender => ({
      name: title,
      async round() {
        const start = performance.now();
        const removals = await Promise.all(Array.from({ length: count }, create));
        const took = performance.now() - start;
        await Promise.all(removals.map((remove) => remove()));
        await delay(pauseMs);
        return took;
      },
    });
    return await use({
      client,
      contenders: (count, pauseMs = 0) => [
        contender(name, count, pauseMs, inSandbox),
        contender(reference, count, pauseMs, inContainer),
      ],
    });
  } finally {
    serving.stdin.end();
    await serving;
  }
}

async function withBoth(
  setup: BenchSetup,
  use: (sandbox: Sandbox, container: Docker.Container) => Promise<readonly Sample[]>,
): Promise<readonly Sample[]> {
  return withClient(setup, async ({ client }) => {
    const sandbox = await client.Sandbox.create();
    const container = await setup.newContainer();
    try {
      return await use(sandbox, container);
    } finally {
      await sandbox.kill();
      await removeContainer(container);
    }
  });
}

async function nothing(done: Promise<unknown>): Promise<undefined> {
  await done;
}

/** A tar archive of one file, as dockerode's callers hand it over. */
function tarOf(file: string, content: Uint8Array): Readable {
  const archive = pack();
  archive.entry({ name: file, uid: 1000, gid: 1000 }, Buffer.from(content.buffer));
  archive.finalize();
  return Readable.from(archive);
}

function randomBlock(size: number): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(block.subarray(at, at + 65_536));
  return block;
}
