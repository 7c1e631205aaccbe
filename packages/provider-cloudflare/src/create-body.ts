import { dropUndefined, type SandboxSpec } from "@glovebox/core/provider";
import { keyDigest } from "@glovebox/provider-kit";
import type { ResolvedSettings } from "./cloudflare-settings.ts";
import { templateLabel } from "./sandbox-info.ts";
import { templateSource } from "./template/template-reference.ts";

/** Returns the body of the Worker's `POST /v1/sandboxes`. */
export function createBody(
  { idempotencyKey, labels, ttlMs, rootInside = false, template }: SandboxSpec,
  { instanceType, location }: ResolvedSettings,
): Readonly<Record<string, unknown>> {
  return dropUndefined({
    idempotencyKey: keyDigest(idempotencyKey),
    labels: { ...labels, [templateLabel]: template.digest },
    ttlMs: Math.ceil(ttlMs),
    ...templateSource(template.reference),
    instanceType,
    location,
    rootInside,
  });
}
