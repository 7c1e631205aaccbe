import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { exec } from "@glovebox/core/exec";
import type {
  CreateOptions,
  Sandbox,
  SandboxInfo,
  SandboxProcess,
  SandboxProvider,
  SandboxSpec,
  Template,
} from "@glovebox/core/provider";
import type Docker from "dockerode";
import { afterAll, beforeAll, expect } from "vitest";
import { createDockerProvider, createEngine, resolveEngineEndpoint } from "../src/index.ts";

export interface Finished {
  readonly exitCode: number | null;
  readonly reason: string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SandboxFixture {
  readonly provider: SandboxProvider;
  readonly owner: string;
  template(): Template;
  engine(): Docker;
  spec(changes?: Partial<SandboxSpec>): SandboxSpec;
  create(changes?: Partial<SandboxSpec>, options?: CreateOptions): Promise<Sandbox>;
  /** The sandboxes with these labels; all of this file's by default. */
  list(labels?: Readonly<Record<string, string>>): Promise<readonly SandboxInfo[]>;
}

/** A provider and its template for one test file; whatever the file leaves behind fails it, and is removed. */
export function sandboxFixture(): SandboxFixture {
  const owner = `test-${randomUUID()}`;
  const provider = createDockerProvider();
  let template: Template | undefined;
  let engine: Docker | undefined;
  const fixture: SandboxFixture = {
    provider,
    owner,
    template: () => known(template),
    engine: () => known(engine),
    spec: (changes) => ({
      template: known(template),
      labels: { "glovebox.owner": owner, "glovebox.run": randomUUID() },
      ttlMs: 120_000,
      env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: "/home/agent" },
      egress: { mode: "none", models: [] },
      idempotencyKey: randomUUID(),
      ...changes,
    }),
    create: (changes, options) => provider.create(fixture.spec(changes), options),
    async list(labels = { "glovebox.owner": owner }) {
      const infos: SandboxInfo[] = [];
      for await (const info of provider.list({ labels })) infos.push(info);
      return infos;
    },
  };
  beforeAll(async () => {
    engine = createEngine(await resolveEngineEndpoint());
    template = await provider.prepare({ base: { kind: "default" }, layers: [] });
  });
  afterAll(async () => {
    const left = await fixture.list();
    await Promise.all(left.map(({ id }) => provider.destroy(id)));
    expect(left.map(({ id, state }) => `${state} ${id}`)).toEqual([]);
  });
  return fixture;
}

/** Runs a program to its end. */
export async function run(sandbox: Sandbox, argv: readonly [string, ...string[]]): Promise<Finished> {
  const { exitCode, reason, stdout, stderr } = await exec(sandbox, argv, { stripFinalNewline: false });
  return { exitCode, reason, stdout, stderr };
}

export function shell(sandbox: Sandbox, script: string): Promise<Finished> {
  return run(sandbox, ["/bin/sh", "-c", script]);
}

export async function finish(process: SandboxProcess): Promise<Finished> {
  const output: Record<"stdout" | "stderr", Uint8Array[]> = { stdout: [], stderr: [] };
  for await (const chunk of process.output) if ("stream" in chunk) output[chunk.stream].push(chunk.bytes);
  const { exitCode, reason } = await process.exit;
  const text = (chunks: readonly Uint8Array[]): string => Buffer.concat(chunks).toString("utf8");
  return { exitCode, reason, stdout: text(output.stdout), stderr: text(output.stderr) };
}

/** Waits for a condition, for at most 30 seconds. */
export async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Not within 30 seconds: ${what}`);
    await delay(50);
  }
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("The fixture is not ready: use it inside a test");
  return value;
}
