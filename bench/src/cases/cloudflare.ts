import { randomUUID } from "node:crypto";
import { ownerLabel, runLabel, type Sandbox } from "@glovebox/core/provider";
import { createCloudflareProvider } from "@glovebox/provider-cloudflare";
import {
  type BareWorker,
  startBareWorker,
} from "../../../packages/provider-cloudflare/test/support/start-bare-worker.ts";
import { startWorker } from "../../../packages/provider-cloudflare/test/support/start-worker.ts";
import type { BenchCase } from "../bench-case.ts";
import { execInSandbox } from "../bench-setup.ts";
import { type Contender, measure, type Sample } from "../measure.ts";

const reference = "container.exec";
const load = Buffer.alloc(64 * 1024 * 1024);
for (let at = 0; at < load.length; at += 65_536) crypto.getRandomValues(load.subarray(at, at + 65_536));

/**
 * The provider through its Worker, against a Worker that does nothing but pass the platform's own calls on; both in the
 * runtime on this machine, with the same image.
 */
export const cloudflareCases: readonly BenchCase[] = [
  {
    title: "cloudflare: create to first command",
    reference,
    run: () =>
      withWorkers(({ create, bare }) =>
        measure(8, [
          {
            name: "glovebox",
            async round() {
              const start = performance.now();
              const sandbox = await create();
              await execInSandbox(sandbox, ["true"]);
              const took = performance.now() - start;
              await sandbox.destroy();
              return took;
            },
          },
          {
            name: reference,
            async round() {
              const containerId = randomUUID();
              const start = performance.now();
              await bare.call(containerId, "/start");
              const took = performance.now() - start;
              await bare.call(containerId, "/stop");
              return took;
            },
          },
        ]),
      ),
  },
  both("cloudflare: one command", 40, ({ sandbox, bare, containerId }) => [
    { name: "glovebox", round: () => nothing(execInSandbox(sandbox, ["true"])) },
    { name: reference, round: () => nothing(bare.call(containerId, "/exec").then((answer) => answer.arrayBuffer())) },
  ]),
  both("cloudflare: 64 MB in", 5, ({ sandbox, bare, containerId }) => [
    { name: "glovebox", round: () => nothing(sandbox.files.writeStream("/workspace/file", pieces())) },
    {
      name: reference,
      round: () => nothing(bare.call(containerId, "/in", load).then((answer) => answer.arrayBuffer())),
    },
  ]),
  both("cloudflare: 64 MB out", 5, ({ sandbox, bare, containerId }) => [
    {
      name: "glovebox",
      async round() {
        for await (const _ of await sandbox.files.readStream("/workspace/file"));
        return undefined;
      },
    },
    {
      name: reference,
      round: () => nothing(bare.call(containerId, "/out").then((answer) => answer.arrayBuffer())),
    },
  ]),
];

interface Workers {
  readonly bare: BareWorker;
  create(): Promise<Sandbox>;
}

async function withWorkers(use: (workers: Workers) => Promise<readonly Sample[]>): Promise<readonly Sample[]> {
  await using worker = await startWorker();
  await using bare = await startBareWorker();
  const provider = createCloudflareProvider({ url: worker.url, apiKey: worker.apiKey });
  const template = await provider.prepare({ base: { kind: "default" }, layers: [] });
  const create = () => {
    const name = `bench-${randomUUID()}`;
    return provider.create({
      template,
      labels: { [ownerLabel]: name, [runLabel]: name },
      ttlMs: 10 * 60_000,
      env: {},
      egress: { mode: "none", models: [] },
      idempotencyKey: name,
    });
  };
  return await use({ bare, create });
}

interface Both {
  readonly sandbox: Sandbox;
  readonly bare: BareWorker;
  readonly containerId: string;
}

/** A case with one container of each, that hold the load. */
function both(title: string, rounds: number, contenders: (both: Both) => readonly Contender[]): BenchCase {
  return {
    title,
    reference,
    run: () =>
      withWorkers(async ({ create, bare }) => {
        await using sandbox = await create();
        const containerId = randomUUID();
        await bare.call(containerId, "/start");
        try {
          await sandbox.files.writeStream("/workspace/file", pieces());
          await bare.call(containerId, "/in", load);
          return await measure(rounds, contenders({ sandbox, bare, containerId }));
        } finally {
          await bare.call(containerId, "/stop");
        }
      }),
  };
}

/** A stream, as whoever reads from a disk has it. */
async function* pieces(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < load.length; at += 65_536) yield load.subarray(at, at + 65_536);
}

async function nothing(work: Promise<unknown>): Promise<undefined> {
  await work;
}
