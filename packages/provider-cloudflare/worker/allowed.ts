import { ApiError } from "./api-error.ts";
import type { InstanceType, WorkerSettings } from "./worker-settings.ts";

/** A lease that the settings allow, in milliseconds. */
export function allowedLease({ maxTtlMs }: WorkerSettings, ttlMs: number): number {
  if (ttlMs <= maxTtlMs) return ttlMs;
  throw new ApiError("invalid-options", `A lease is at most ${maxTtlMs} ms on this Worker, not ${ttlMs}.`, {
    hint: "Ask for less, or raise maxTtlMs in the Worker's settings.",
  });
}

/** An instance type that the settings allow; theirs where none was asked for. */
export function allowedInstanceType(settings: WorkerSettings, asked: InstanceType | undefined): InstanceType {
  const type = asked ?? settings.defaultInstanceType;
  if (settings.instanceTypes.includes(type)) return type;
  const message = `The instance type ${type} is not among this Worker's: ${settings.instanceTypes.join(", ")}.`;
  throw new ApiError("invalid-options", message);
}

/** What the platform starts for an image, given by a name of the Worker's or as one of the platform's own. */
export function allowedImage(
  { managedImages }: WorkerSettings,
  names: Readonly<Record<string, string>>,
  image: string,
): string {
  const reference = Object.hasOwn(names, image) ? names[image] : undefined;
  if (reference !== undefined) return reference;
  if (managedImages && /^cloudflare\/\w[\w.:@-]*$/.test(image)) return image;
  throw new ApiError("template", `This Worker has no image ${JSON.stringify(image)}.`, {
    hint: `It has ${Object.keys(names).join(", ") || "none"}; add it to the Worker's configuration.`,
  });
}
