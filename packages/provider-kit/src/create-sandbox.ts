import { setImmediate } from "node:timers/promises";
import {
  type CallOptions,
  type CreateOptions,
  dropUndefined,
  type Sandbox,
  type SandboxError,
  type SandboxSpec,
} from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import type { z } from "zod";
import { connectStream } from "./connection/supervisor-stream.ts";
import { openHostEgress } from "./egress/open-host-egress.ts";
import { mayHaveCreated } from "./errors/may-have-created.ts";
import { throwIfAborted } from "./errors/throw-if-aborted.ts";
import { withDeadline } from "./errors/with-deadline.ts";
import type { ProviderScope } from "./provider-scope.ts";
import { checkWorkspace } from "./sandbox/check-workspace.ts";
import { extendLease } from "./sandbox/extend-lease.ts";
import { SupervisedSandbox } from "./sandbox/supervised-sandbox.ts";
import { verifyLimits } from "./sandbox/verify-limits.ts";
import type { CreatedSandbox } from "./vendor-sandbox.ts";

const operation = "creating the sandbox";
const verifyTimeoutMs = 30_000;
const undoTimeoutMs = 90_000;

/** `SandboxProvider.create`. */
export async function createSandbox<Schema extends z.ZodObject, Context, Plan>(
  scope: ProviderScope<Schema, Context, Plan>,
  spec: SandboxSpec,
  { signal, egressObserver }: CreateOptions = {},
): Promise<Sandbox> {
  const { definition, context, provider, calls } = scope;
  const call = dropUndefined({ signal });
  scope.checkSpec(spec);
  throwIfAborted(provider, operation, signal);
  const plan = await scope.plan(spec, call);
  const egress = definition.egress
    ? undefined
    : openHostEgress({ policy: spec.egress, observer: egressObserver, env: spec.env, caBundle: definition.caBundle });
  // Computed while the vendor makes the sandbox, which takes longer: its request goes out first.
  const configuration = egress && setImmediate().then(() => egress.configuration());
  // It is awaited below: what fails before that is reported first.
  configuration?.catch(() => {});
  let created: CreatedSandbox | undefined;
  let connection: SupervisorConnection | undefined;
  try {
    created = await calls.run(operation, call, () => definition.create(context, { spec, plan }, call));
    throwIfAborted(provider, operation, signal);
    const opened = await openCreated(scope, created, { ttlMs: spec.ttlMs, ...call });
    connection = opened;
    const lease = { connection: async () => opened, ttlMs: spec.ttlMs, ...call };
    await Promise.all([
      opened.configure({ env: spec.env, ...(await configuration) }, call),
      created.existing && extendLease(created.sandbox, lease),
      verify(scope, created, { connection: opened, spec, ...call }),
    ]);
    throwIfAborted(provider, operation, signal);
    const modelUrls = egress?.modelUrls ?? definition.egress?.modelUrls(spec.egress) ?? {};
    const { capabilities } = definition;
    const vendor = created.sandbox;
    return new SupervisedSandbox({
      provider,
      capabilities,
      calls,
      vendor,
      connection,
      created: true,
      egress,
      modelUrls,
    });
  } catch (error) {
    await Promise.all([connection?.close(), egress?.close()]);
    const failure = calls.map(error, operation, signal);
    throw created === undefined ? failure : await undoCreate(scope, created, failure);
  }
}

/** A connection to the supervisor of what `create` made or found, started where it does not run. */
async function openCreated<Schema extends z.ZodObject, Context, Plan>(
  { provider, calls }: ProviderScope<Schema, Context, Plan>,
  { sandbox, existing }: CreatedSandbox,
  options: CallOptions & { readonly ttlMs: number },
): Promise<SupervisorConnection> {
  const { signal } = options;
  return calls.run("starting the sandbox", options, async () => {
    const isRunning = sandbox.start === undefined || existing?.state === "running";
    const stream = await (isRunning ? sandbox.openStream(dropUndefined({ signal })) : sandbox.start?.(options));
    if (stream === undefined) throw new TypeError("VendorSandbox.start gave no stream");
    return connectStream(provider, stream, options);
  });
}

/** Tests from inside what was asked for: what is not enforced must not be relied on. */
async function verify<Schema extends z.ZodObject, Context, Plan>(
  { provider, definition }: ProviderScope<Schema, Context, Plan>,
  { limits }: CreatedSandbox,
  options: CallOptions & { readonly connection: SupervisorConnection; readonly spec: SandboxSpec },
): Promise<void> {
  const { connection, spec, signal } = options;
  const deadline = { provider, operation: "testing the sandbox", timeoutMs: verifyTimeoutMs, signal };
  await withDeadline(deadline, async (cancelled) => {
    const call = { signal: cancelled };
    await Promise.all([
      verifyLimits(provider, connection, { limits: limits ?? spec.resources ?? {}, ...call }),
      definition.workspaceCheck && checkWorkspace(provider, connection, { ...definition.workspaceCheck, ...call }),
    ]);
  });
}

/**
 * Removes what a failed create has made. One that an earlier call has made may hold work: it stays, and the error says so,
 * as it does where the removal fails.
 */
async function undoCreate<Schema extends z.ZodObject, Context, Plan>(
  { provider }: ProviderScope<Schema, Context, Plan>,
  { sandbox, existing }: CreatedSandbox,
  failure: SandboxError,
): Promise<SandboxError> {
  const hint = `The sandbox ${sandbox.id} is left; \`glovebox rm\` removes it.`;
  if (existing !== undefined) return mayHaveCreated(failure, hint);
  try {
    const deadline = { provider, operation: "removing the sandbox", timeoutMs: undoTimeoutMs };
    await withDeadline(deadline, (signal) => sandbox.destroy({ signal }));
    return failure;
  } catch {
    return mayHaveCreated(failure, hint);
  }
}
