import * as z from "zod";
import { ApiError } from "../http/api-error.ts";

const minute = 60 * 1000;
const hour = 60 * minute;
const day = 24 * hour;

/** The platform's names, from smallest to largest. */
export const instanceTypes = ["lite", "basic", "standard-1", "standard-2", "standard-3", "standard-4"] as const;
export type InstanceType = (typeof instanceTypes)[number];

/** The platform's location hints. */
export const locations = ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"] as const;

/** Schema of GLOVEBOX_SETTINGS, with defaults. */
export const workerSettingsSchema = z.strictObject({
  /** The longest lease, in milliseconds. */
  maxTtlMs: z
    .number()
    .int()
    .min(60_000)
    .max(7 * day)
    .default(day),
  /** How long a stopped sandbox is kept. The platform keeps its files for at most 30 days. */
  retentionDays: z.number().min(0).max(30).default(7),
  /**
   * How long the platform keeps a container running while its object sleeps, in milliseconds. The object wakes earlier to renew
   * it.
   */
  inactivityMs: z
    .int()
    .min(20_000)
    .max(6 * hour)
    .default(hour),
  /** Maximum number of sandboxes that run at once. By default only the account's limit applies. */
  maxSandboxes: z.number().int().min(1).optional(),
  instanceTypes: z
    .array(z.enum(instanceTypes))
    .min(1)
    .default([...instanceTypes]),
  defaultInstanceType: z.enum(instanceTypes).default("standard-1"),
  /** Default location of sandboxes. */
  location: z.enum(locations).optional(),
  /** Additional images by name: references that the platform can start. */
  images: z.record(z.string(), z.string()).default({}),
  /** Whether clients may use the platform's own images (`cloudflare/…`). */
  managedImages: z.boolean().default(true),
  /** Origins whose pages may call this Worker. */
  corsOrigins: z.array(z.url()).default([]),
});

/** The Worker's settings. */
export type WorkerSettings = z.output<typeof workerSettingsSchema>;

/** The variables that contain the settings. */
export interface SettingsVariables {
  /** An object or its JSON, see {@link workerSettingsSchema}. */
  readonly GLOVEBOX_SETTINGS?: unknown;
  /**
   * The default of `inactivityMs` in local development, where the runtime keeps a container's network proxy for that long
   * after the container is gone.
   */
  readonly GLOVEBOX_INACTIVITY_MS?: string;
}

/** Reads the settings. Throws `unavailable` if they are invalid: the Worker then rejects every request. */
export function readWorkerSettings(env: SettingsVariables): WorkerSettings {
  let settings: unknown = env.GLOVEBOX_SETTINGS ?? {};
  if (typeof settings === "string") {
    try {
      settings = JSON.parse(settings || "{}");
    } catch (cause) {
      throw invalid("not JSON", cause);
    }
  }
  const inactivityMs = Number(env.GLOVEBOX_INACTIVITY_MS ?? Number.NaN);
  if (inactivityMs > 0 && typeof settings === "object") settings = { inactivityMs, ...settings };
  const parsed = workerSettingsSchema.safeParse(settings);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error), parsed.error);
  const { instanceTypes: allowed, defaultInstanceType } = parsed.data;
  if (!allowed.includes(defaultInstanceType)) {
    throw invalid(`defaultInstanceType ${defaultInstanceType} is not in instanceTypes`);
  }
  return parsed.data;
}

function invalid(reason: string, cause?: unknown): ApiError {
  return new ApiError("unavailable", `Invalid GLOVEBOX_SETTINGS of the Worker: ${reason}`, { cause });
}
