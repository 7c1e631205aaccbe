import { type CallOptions, type Capabilities, type Finding, SandboxError } from "@glovebox/core/provider";
import type { ProviderFindings } from "@glovebox/provider-kit";
import { cloudflareCapabilities } from "./cloudflare-capabilities.ts";
import type { CloudflareContext } from "./cloudflare-context.ts";
import { chooseImage } from "./template/choose-image.ts";
import type { WorkerInfo } from "./worker/worker-replies.ts";

/** `ProviderDefinition.preflight`. */
export async function cloudflarePreflight(
  context: CloudflareContext,
  { signal }: CallOptions,
): Promise<ProviderFindings> {
  const worker = await context.sandboxes.worker(signal);
  const findings = [
    ok("worker", `version ${worker.version} at ${context.settings.worker().url.host} accepts the key`),
    imageFinding(context, worker),
    sizeFinding(context, worker),
    leaseFinding(worker),
    ok("network", "containers have no internet access of their own; this host serves the allowed traffic"),
  ];
  return { findings, capabilities: effectiveCapabilities(worker) };
}

function effectiveCapabilities({ capabilities: { snapshot, wake }, maxTtlMs }: WorkerInfo): Capabilities {
  const longest = cloudflareCapabilities.maxTtlMs ?? maxTtlMs;
  return { ...cloudflareCapabilities, snapshot, wake, maxTtlMs: Math.min(longest, maxTtlMs) };
}

function imageFinding({ settings }: CloudflareContext, worker: WorkerInfo): Finding {
  try {
    return ok("image", `sandboxes start from ${chooseImage({ kind: "default" }, settings.image, worker)}`);
  } catch (error) {
    if (!SandboxError.isInstance(error)) throw error;
    const { message, hint } = error;
    return { name: "image", status: "problem", message, ...(hint !== undefined && { hint }) };
  }
}

function sizeFinding({ settings }: CloudflareContext, worker: WorkerInfo): Finding {
  const { instanceType = worker.defaultInstanceType } = settings;
  if (instanceType === undefined) return ok("size", "the platform's default size");
  if (worker.instanceTypes.includes(instanceType)) return ok("size", `containers are ${instanceType}`);
  return {
    name: "size",
    status: "problem",
    message: `the Worker does not allow the instance type ${instanceType}`,
    hint: `Set instanceType to one of ${worker.instanceTypes.join(", ")}.`,
  };
}

function leaseFinding({ capabilities, maxTtlMs }: WorkerInfo): Finding {
  const longest = `leases of up to ${Math.round(maxTtlMs / 60_000)} minutes`;
  if (capabilities.wake) return ok("lease", `${longest}; a stopped sandbox keeps its files`);
  return {
    name: "lease",
    status: "notice",
    message: `${longest}; a sandbox loses its files when its lease ends: this Worker cannot take snapshots`,
  };
}

function ok(name: string, message: string): Finding {
  return { name, status: "ok", message };
}
