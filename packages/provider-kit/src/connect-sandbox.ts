import {
  type CallOptions,
  type ConnectOptions,
  dropUndefined,
  type EgressPolicy,
  type Sandbox,
  SandboxError,
  SandboxStoppedError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import type { z } from "zod";
import { unsupportedFeature } from "./checks/spec-errors.ts";
import { connectStream } from "./connection/supervisor-stream.ts";
import { openHostEgress } from "./egress/open-host-egress.ts";
import { sandboxNotFound } from "./errors/sandbox-not-found.ts";
import type { ProviderIdentity } from "./provider-identity.ts";
import type { ProviderScope } from "./provider-scope.ts";
import { extendLease } from "./sandbox/extend-lease.ts";
import { SupervisedSandbox } from "./sandbox/supervised-sandbox.ts";
import type { FoundSandbox, VendorInfo, VendorSandbox } from "./vendor-sandbox.ts";

const operation = "connecting to the sandbox";

/** `SandboxProvider.connect`. */
export async function connectSandbox<Schema extends z.ZodObject, Context, Plan>(
  scope: ProviderScope<Schema, Context, Plan>,
  id: string,
  options: ConnectOptions = {},
): Promise<Sandbox> {
  const { signal, wakeForMs, egress: policy, egressObserver } = options;
  const { definition, context, provider, calls } = scope;
  const call = dropUndefined({ signal });
  if (wakeForMs !== undefined) scope.checkTtl(wakeForMs);
  if (policy !== undefined) scope.checkPolicy(policy);
  const found = await calls.run("looking at the sandbox", call, () => definition.find(context, id, call));
  if (found === undefined || found === "foreign") throw sandboxNotFound(provider, id, found);
  if (found.info.state !== "running" && wakeForMs === undefined) throw notRunning(provider, found.info);
  const vendors = definition.egress && policy;
  const { caBundle } = definition;
  const egress =
    policy && !definition.egress ? openHostEgress({ policy, observer: egressObserver, caBundle }) : undefined;
  let connection: SupervisorConnection | undefined;
  try {
    connection = await calls.run(operation, call, () =>
      reach(provider, found, dropUndefined({ signal, wakeForMs, egress: vendors })),
    );
    if (egress !== undefined) await connection.configure(await egress.configuration(), call);
    const modelUrls = egress?.modelUrls ?? (policy && definition.egress?.modelUrls(policy)) ?? {};
    const { capabilities } = definition;
    const vendor = found.sandbox;
    return new SupervisedSandbox({
      provider,
      capabilities,
      calls,
      vendor,
      connection,
      created: false,
      egress,
      modelUrls,
    });
  } catch (error) {
    await Promise.all([connection?.close(), egress?.close()]);
    throw calls.map(error, operation, signal);
  }
}

interface ReachOptions extends CallOptions {
  readonly wakeForMs?: number;
  /** What the vendor is to enforce from here on. */
  readonly egress?: EgressPolicy;
}

async function reach(
  provider: ProviderIdentity,
  { sandbox, info }: FoundSandbox,
  { wakeForMs, egress, ...call }: ReachOptions,
): Promise<SupervisorConnection> {
  const wake = (): Promise<SupervisorConnection> | undefined =>
    wakeForMs === undefined
      ? undefined
      : wakeSandbox(provider, sandbox, { ttlMs: wakeForMs, ...dropUndefined({ egress }), ...call });
  if (info.state !== "running") return (await wake()) ?? Promise.reject(notRunning(provider, info));
  try {
    if (egress !== undefined) await sandbox.setEgress?.(egress, call);
    return await connectStream(provider, await sandbox.openStream(call), call);
  } catch (error) {
    // A supervisor that does not answer was frozen from inside, and one that is missing has just stopped or was never set
    // up. The files stay, and a sandbox that is woken may have lost its processes anyway.
    const canWake = SandboxError.isInstance(error) && ["timeout", "stopped"].includes(error.code) && sandbox.start;
    const woken = canWake ? await wake() : undefined;
    if (woken === undefined) throw error;
    return woken;
  }
}

async function wakeSandbox(
  provider: ProviderIdentity,
  sandbox: VendorSandbox,
  options: CallOptions & { readonly ttlMs: number; readonly egress?: EgressPolicy },
): Promise<SupervisorConnection> {
  const { ttlMs, signal } = options;
  const call = dropUndefined({ signal });
  let connection: SupervisorConnection | undefined;
  try {
    const stream = await sandbox.start?.(options);
    if (stream === undefined) throw unsupportedFeature(provider, "waking a sandbox", "Create another sandbox.");
    const woken = await connectStream(provider, stream, call);
    connection = woken;
    await extendLease(sandbox, { connection: async () => woken, ttlMs, ...call });
    return woken;
  } catch (error) {
    // It stops by itself when its lease ends: a failure to stop it earlier must not hide why the start failed.
    await sandbox.undoStart?.(connection).catch(() => {});
    await connection?.close();
    throw error;
  }
}

function notRunning({ id: providerId, name }: ProviderIdentity, { id, state }: VendorInfo): SandboxError {
  if (state === "unknown")
    return new SandboxUnavailableError(`The ${name} sandbox ${id} cannot be used at the moment`, { providerId });
  return new SandboxStoppedError(`The ${name} sandbox ${id} is not running`, {
    providerId,
    hint: "Its files are kept: connect with wakeForMs to start it.",
  });
}
