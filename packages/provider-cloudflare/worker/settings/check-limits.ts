import { ApiError } from "../http/api-error.ts";
import type { InstanceType, WorkerSettings } from "./worker-settings.ts";

/** Returns the lease in milliseconds, or throws if it exceeds the settings' maximum. */
export function allowedLease({ maxTtlMs }: WorkerSettings, ttlMs: number): number {
  if (ttlMs <= maxTtlMs) return ttlMs;
  throw new ApiError("invalid-options", `ttlMs is ${ttlMs}; this Worker allows at most ${maxTtlMs}.`, {
    hint: "Request a shorter lease, or raise maxTtlMs in the Worker's settings.",
  });
}

/** Returns the requested instance type or the default, or throws if the settings do not allow it. */
export function allowedInstanceType(settings: WorkerSettings, requested: InstanceType | undefined): InstanceType {
  const type = requested ?? settings.defaultInstanceType;
  if (settings.instanceTypes.includes(type)) return type;
  const allowed = settings.instanceTypes.join(", ");
  throw new ApiError("invalid-options", `This Worker does not allow the instance type ${type}. Allowed: ${allowed}.`);
}

/** Returns the image reference for an image name of the Worker or for an image of the platform (`cloudflare/…`). */
export function allowedImage(
  { managedImages }: WorkerSettings,
  references: Readonly<Record<string, string>>,
  image: string,
): string {
  const reference = Object.hasOwn(references, image) ? references[image] : undefined;
  if (reference !== undefined) return reference;
  if (managedImages && /^cloudflare\/\w[\w.:@-]*$/.test(image)) return image;
  throw new ApiError("template", `This Worker has no image ${JSON.stringify(image)}.`, {
    hint: `Available: ${Object.keys(references).join(", ") || "none"}. Add others to the Worker's configuration.`,
  });
}
