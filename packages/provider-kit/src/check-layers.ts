import { randomUUID } from "node:crypto";
import {
  type CallOptions,
  dropUndefined,
  ownerLabel,
  runLabel,
  type SandboxProcess,
  type Template,
  TemplateError,
  type TemplateLayer,
} from "@glovebox/core/provider";
import type { z } from "zod";
import { createSandbox } from "./create-sandbox.ts";
import type { ProviderScope } from "./provider-scope.ts";

const timeoutMs = 60_000;
const maxOutputChars = 4096;

/** Proves that the layers' harnesses run in a sandbox of a template, as its user. Rejects with `template`. */
export async function checkLayers<Schema extends z.ZodObject, Context, Plan>(
  scope: ProviderScope<Schema, Context, Plan>,
  template: Template,
  { layers, signal }: CallOptions & { readonly layers: readonly TemplateLayer[] },
): Promise<void> {
  if (layers.length === 0) return;
  const name = `check-${randomUUID()}`;
  const labels = { [ownerLabel]: name, [runLabel]: name };
  const egress = { mode: "none", models: [] } as const;
  const spec = { template, labels, ttlMs: timeoutMs * layers.length, env: {}, egress, idempotencyKey: name };
  await using sandbox = await createSandbox(scope, spec, dropUndefined({ signal }));
  for (const { id, check } of layers) {
    const [program, ...rest] = check.argv;
    if (program === undefined) continue;
    const process = await sandbox.spawn([program, ...rest], dropUndefined({ timeoutMs, signal }));
    const [output, { exitCode, reason }] = await Promise.all([textOf(process), process.exit]);
    if (exitCode === 0 && output.includes(check.prints)) continue;
    const command = check.argv.join(" ");
    throw new TemplateError(`${id} does not run in a sandbox: \`${command}\` gave ${exitCode ?? reason}: ${output}`, {
      providerId: scope.provider.id,
    });
  }
}

/** What a process printed, up to a limit. */
async function textOf(process: SandboxProcess): Promise<string> {
  let text = "";
  for await (const chunk of process.output) {
    if ("bytes" in chunk && text.length < maxOutputChars) text += Buffer.from(chunk.bytes).toString("utf8");
  }
  return text.trim().slice(0, maxOutputChars);
}
