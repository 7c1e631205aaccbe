import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exec } from "@glovebox/core";
import {
  type EgressPolicy,
  ownerLabel,
  runLabel,
  type Sandbox,
  type SandboxProvider,
  type Template,
} from "@glovebox/core/provider";
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { createDockerProvider } from "@glovebox/provider-docker";
import Docker from "dockerode";

/** What every case needs: the provider through its public API, and the bare engine beside it with the same image. */
export interface BenchSetup extends AsyncDisposable {
  readonly provider: SandboxProvider;
  readonly template: Template;
  readonly docker: Docker;
  readonly directory: string;
  /** With the model's routes and no more by default. */
  newSandbox(egress?: EgressPolicy): Promise<Sandbox>;
  newContainer(): Promise<Docker.Container>;
}

export async function benchSetup(): Promise<BenchSetup> {
  const provider = createDockerProvider();
  const template = await provider.prepare({ base: { kind: "default" }, layers: [createClaudeCode().template()] });
  const docker = new Docker();
  const directory = mkdtempSync(join(tmpdir(), "glovebox-bench-"));
  let count = 0;
  return {
    provider,
    template,
    docker,
    directory,
    newSandbox: (egress = { mode: "sealed", models: [] }) =>
      provider.create({
        template,
        labels: { [ownerLabel]: `bench-${process.pid}`, [runLabel]: `bench-${process.pid}-${++count}` },
        ttlMs: 10 * 60_000,
        env: {},
        egress,
        idempotencyKey: `bench-${process.pid}-${count}`,
      }),
    newContainer: async () => {
      const container = await docker.createContainer({
        Image: template.reference,
        Entrypoint: ["sleep", "infinity"],
        User: "1000:1000",
        HostConfig: { NetworkMode: "none", Init: true, CapDrop: ["ALL"], SecurityOpt: ["no-new-privileges"] },
      });
      await container.start();
      return container;
    },
    async [Symbol.asyncDispose]() {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Runs a command by the engine's own exec to its exit code, the way dockerode's users do. */
export async function execInContainer(container: Docker.Container, argv: readonly string[]): Promise<void> {
  const exec = await container.exec({ Cmd: [...argv], AttachStdout: true, AttachStderr: true, User: "1000:1000" });
  const stream = await exec.start({ hijack: true, stdin: false });
  stream.resume();
  await new Promise((resolve, reject) => stream.once("end", resolve).once("error", reject));
  const { ExitCode } = await exec.inspect();
  if (ExitCode !== 0) throw new Error(`${argv.join(" ")} exited with ${ExitCode}`);
}

/** Runs a command in a sandbox to its exit code. */
export async function execInSandbox(sandbox: Sandbox, argv: readonly [string, ...string[]]): Promise<void> {
  const { exitCode } = await exec(sandbox, argv);
  if (exitCode !== 0) throw new Error(`${argv.join(" ")} exited with ${exitCode}`);
}

export async function removeContainer(container: Docker.Container): Promise<void> {
  await container.remove({ force: true, v: true });
}
