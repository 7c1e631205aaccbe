import { ownerLabel, runLabel, type Sandbox, type SandboxSpec, type Template } from "@glovebox/core/provider";
import { type EnvdConfiguration, envdTag, startEnvd } from "../envd/start-envd.ts";
import type { GatewayContext } from "../gateway-context.ts";
import type { SandboxRecord } from "../state/sandbox-record.ts";
import { leaseMarginMs } from "./lease-margin.ts";
import { SandboxLink } from "./sandbox-link.ts";

/** Makes the sandbox of a record, with envd in it. Nothing is left when it fails. */
export async function createLink(
  context: GatewayContext,
  record: SandboxRecord,
  template: Template,
  signal: AbortSignal | undefined,
): Promise<SandboxLink> {
  const sandbox = await context.provider.create(specOf(context, record, template), { ...(signal && { signal }) });
  try {
    return await linkTo(context, record, sandbox);
  } catch (error) {
    await sandbox.destroy();
    throw error;
  }
}

/** Takes up a sandbox that is there: one that another gateway has left, one that broke off, or one that is woken. */
export async function reopenLink(
  context: GatewayContext,
  record: SandboxRecord & { readonly providerSandboxId: string },
  wakeForMs?: number,
): Promise<SandboxLink> {
  const egress = context.toEgressPolicy(record.allowInternetAccess, record.network);
  const sandbox = await context.provider.connect(record.providerSandboxId, {
    egress,
    ...(wakeForMs !== undefined && { wakeForMs }),
  });
  try {
    const running = (await sandbox.processes()).find(({ tag, exit }) => tag === envdTag && exit === undefined);
    if (running === undefined) return await linkTo(context, record, sandbox);
    return new SandboxLink(sandbox, await sandbox.attach(running.id, 0));
  } catch (error) {
    await sandbox.close();
    throw error;
  }
}

async function linkTo(context: GatewayContext, record: SandboxRecord, sandbox: Sandbox): Promise<SandboxLink> {
  return new SandboxLink(sandbox, await startEnvd(sandbox, context.envd, envdConfiguration(context, record)));
}

function envdConfiguration({ key }: GatewayContext, record: SandboxRecord): EnvdConfiguration {
  return {
    sandboxId: record.sandboxId,
    accessToken: record.secure ? key.envdToken(record.sandboxId) : undefined,
    defaultUser: record.defaultUser,
    defaultWorkdir: record.defaultWorkdir,
    envVars: {
      ...record.envVars,
      E2B_SANDBOX: "true",
      E2B_SANDBOX_ID: record.sandboxId,
      E2B_TEMPLATE_ID: record.templateId,
    },
  };
}

function specOf(context: GatewayContext, record: SandboxRecord, template: Template): SandboxSpec {
  const { capabilities } = context.provider;
  return {
    template,
    labels: { [ownerLabel]: context.key.owner, [runLabel]: record.sandboxId },
    ttlMs: Math.max(1, Date.parse(record.endAt) - Date.now()) + leaseMarginMs,
    env: {},
    rootInside: true,
    egress: context.toEgressPolicy(record.allowInternetAccess, record.network),
    resources: {
      ...(capabilities.resources.cpus && { cpus: record.cpuCount }),
      ...(capabilities.resources.memoryMiB && { memoryMiB: record.memoryMB }),
    },
    idempotencyKey: record.sandboxId,
  };
}
