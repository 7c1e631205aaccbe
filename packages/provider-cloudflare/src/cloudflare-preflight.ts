import {
  type Capabilities,
  type Diagnosis,
  type Finding,
  InvalidOptionsError,
  type PreflightOptions,
  SandboxError,
} from "@glovebox/core/provider";
import { checkSpec } from "./check-spec.ts";
import { cloudflareCapabilities } from "./cloudflare-capabilities.ts";
import type { CloudflareContext } from "./cloudflare-context.ts";
import { chooseImage } from "./template/choose-image.ts";
import type { WorkerInfo } from "./worker/worker-replies.ts";

/** `SandboxProvider.preflight`. */
export async function cloudflarePreflight(
  context: CloudflareContext,
  { signal, spec }: PreflightOptions = {},
): Promise<Diagnosis> {
  if (spec !== undefined) checkSpec(spec);
  let worker: WorkerInfo;
  try {
    worker = await context.sandboxes.worker(signal);
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code === "aborted") throw error;
    return { ready: false, findings: [unreachable(error)], capabilities: cloudflareCapabilities };
  }
  const capabilities = effective(worker);
  const findings = [
    ok("worker", `version ${worker.version} answers at ${context.settings.worker().url.host}, and takes the key`),
    imageFinding(context, worker),
    sizeFinding(context, worker),
    leaseFinding(worker),
    ok("network", "the container's own internet is off; this host serves what a run may reach"),
  ];
  const ready = findings.every(({ status }) => status !== "problem");
  if (spec !== undefined && ready) checkEffective(spec, capabilities);
  return { ready, findings, capabilities };
}

function effective({ capabilities: { snapshot, wake }, maxTtlMs }: WorkerInfo): Capabilities {
  const most = cloudflareCapabilities.maxTtlMs ?? maxTtlMs;
  return { ...cloudflareCapabilities, snapshot, wake, maxTtlMs: Math.min(most, maxTtlMs) };
}

function checkEffective(spec: NonNullable<PreflightOptions["spec"]>, { maxTtlMs }: Capabilities): void {
  if (maxTtlMs !== undefined && spec.ttlMs > maxTtlMs) {
    throw new InvalidOptionsError(`The lease of ${spec.ttlMs} ms is longer than the Worker's longest, ${maxTtlMs} ms`, {
      providerId: "cloudflare",
      hint: "The Worker's setting maxTtlMs is the longest lease that it grants.",
    });
  }
}

function unreachable(error: SandboxError): Finding {
  return {
    name: "worker",
    status: "problem",
    message: `no Worker can be used: ${error.message}`.replace(/\s+/g, " "),
    hint: error.hint ?? "Look at it with `glovebox cloudflare status`, or start one with `glovebox cloudflare dev`.",
  };
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
    message: `the Worker has no instance type ${instanceType}`,
    hint: `It allows ${worker.instanceTypes.join(", ")}: choose one as the setting instanceType.`,
  };
}

function leaseFinding({ capabilities, maxTtlMs }: WorkerInfo): Finding {
  const longest = `leases of up to ${Math.round(maxTtlMs / 60_000)} minutes`;
  if (capabilities.wake) return ok("lease", `${longest}; a sandbox that ends keeps its files`);
  return {
    name: "lease",
    status: "notice",
    message: `${longest}; a sandbox whose lease ends loses its files: the Worker makes no snapshots here`,
  };
}

function ok(name: string, message: string): Finding {
  return { name, status: "ok", message };
}
