import { createHash } from "node:crypto";
import { type CreateOptions, SandboxError, type SandboxSpec } from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import { checkSpec, checkTemplate } from "./check-spec.ts";
import type { CloudflareContext } from "./cloudflare-context.ts";
import { CloudflareSandbox } from "./cloudflare-sandbox.ts";
import { openEgress } from "./egress/open-egress.ts";
import { workerLabels } from "./labels.ts";
import { reachSupervisor } from "./reach-supervisor.ts";
import { templateSource } from "./template/template-reference.ts";
import type { MadeSandbox, WorkerSandboxes } from "./worker/worker-sandboxes.ts";

/** `SandboxProvider.create`. */
export async function createSandbox(
  { sandboxes, settings }: CloudflareContext,
  spec: SandboxSpec,
  { signal, egressObserver }: CreateOptions = {},
): Promise<CloudflareSandbox> {
  checkSpec(spec);
  checkTemplate(spec.template, spec.rootInside === true);
  const call = signal === undefined ? {} : { signal };
  const egress = openEgress(spec.egress, egressObserver, spec.env);
  let made: MadeSandbox | undefined;
  let connection: SupervisorConnection | undefined;
  try {
    // Made while the Worker starts the container, which takes longer.
    const configuration = egress.configuration();
    // What fails first is what is told.
    configuration.catch(() => {});
    made = await sandboxes.create(createBody(spec, settings), signal);
    const { id, state } = made.record;
    if (state === "stopped") await sandboxes.wake(id, spec.ttlMs, signal);
    connection = await reachSupervisor(sandboxes.client, id, signal);
    const configured = connection.configure({ env: spec.env, ...(await configuration) }, call);
    const sandbox = new CloudflareSandbox({ sandboxes, id, connection, created: true, egress });
    await Promise.all([configured, made.isEarlier && sandbox.extend(spec.ttlMs, call)]);
    return sandbox;
  } catch (error) {
    await Promise.all([connection?.close(), egress.close()]);
    throw made === undefined ? error : await undo(sandboxes, made, error);
  }
}

function createBody(spec: SandboxSpec, settings: CloudflareContext["settings"]): Readonly<Record<string, unknown>> {
  const { idempotencyKey, ttlMs, rootInside = false, template } = spec;
  const { instanceType, location } = settings;
  return {
    // Of one length and alphabet, whatever the caller's is.
    idempotencyKey: createHash("sha256").update(idempotencyKey).digest("hex"),
    labels: workerLabels(spec),
    ttlMs: Math.ceil(ttlMs),
    ...templateSource(template.reference),
    ...(instanceType !== undefined && { instanceType }),
    ...(location !== undefined && { location }),
    rootInside,
  };
}

/** Removes what a failed create has made. What an earlier one made may hold work, so it stays and the error says so. */
async function undo(
  sandboxes: WorkerSandboxes,
  { record: { id }, isEarlier }: MadeSandbox,
  error: unknown,
): Promise<unknown> {
  const left = isEarlier
    ? true
    : await sandboxes.destroy(id, undefined).then(
        () => false,
        () => true,
      );
  if (!left || !SandboxError.isInstance(error)) return error;
  return new SandboxError(error.code, error.message, {
    providerId: "cloudflare",
    retryable: error.retryable,
    mayHaveCreated: true,
    hint: `The sandbox ${id} is left; \`glovebox rm\` removes it.`,
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
    cause: error,
  });
}
