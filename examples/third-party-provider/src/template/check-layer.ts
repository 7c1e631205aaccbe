import { randomUUID } from "node:crypto";
import {
  ownerLabel,
  runLabel,
  type SandboxProcess,
  type Template,
  TemplateError,
  type TemplateLayer,
} from "@glovebox/core/provider";
import type { ResolvedSettings } from "../bubblewrap-settings.ts";
import { createSandbox } from "../create-sandbox.ts";

const timeoutMs = 60_000;

/** Proves that the harness runs: in a sandbox of the template, as the agent. */
export async function checkLayer(
  settings: ResolvedSettings,
  template: Template,
  { id, check }: TemplateLayer,
  signal: AbortSignal | undefined,
): Promise<void> {
  const [program, ...rest] = check.argv;
  if (program === undefined) return;
  const name = `check-${randomUUID()}`;
  await using sandbox = await createSandbox(
    settings,
    {
      template,
      labels: { [ownerLabel]: name, [runLabel]: name },
      ttlMs: timeoutMs,
      env: {},
      egress: { mode: "none", models: [] },
      idempotencyKey: name,
    },
    signal === undefined ? {} : { signal },
  );
  const process = await sandbox.spawn([program, ...rest], { timeoutMs, ...(signal && { signal }) });
  const [output, { exitCode, reason }] = await Promise.all([textOf(process), process.exit]);
  if (exitCode === 0 && output.includes(check.prints)) return;
  throw new TemplateError(
    `${id} does not run in a sandbox: ${check.argv.join(" ")} gave ${exitCode ?? reason}: ${output.slice(-500).trim()}`,
    { providerId: "bubblewrap" },
  );
}

async function textOf(process: SandboxProcess): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of process.output) if ("bytes" in chunk) pieces.push(chunk.bytes);
  return Buffer.concat(pieces).toString("utf8");
}
