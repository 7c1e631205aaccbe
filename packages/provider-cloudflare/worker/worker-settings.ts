import * as z from "zod";
import { ApiError } from "./api-error.ts";

const minute = 60 * 1000;
const hour = 60 * minute;
const day = 24 * hour;

/** As the platform names them, from the smallest to the largest. */
export const instanceTypes = ["lite", "basic", "standard-1", "standard-2", "standard-3", "standard-4"] as const;
export type InstanceType = (typeof instanceTypes)[number];

/** Where a sandbox may be asked to run: the platform's location hints. */
export const locations = ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"] as const;

/** The form of GLOVEBOX_SETTINGS, with every default. */
export const workerSettingsSchema = z.strictObject({
  /** The longest lease, in milliseconds. */
  maxTtlMs: z
    .number()
    .int()
    .min(60_000)
    .max(7 * day)
    .default(day),
  /** How long a sandbox that has stopped is kept. The platform keeps its files for 30 days at most. */
  retentionDays: z.number().min(0).max(30).default(7),
  /**
   * How long the platform leaves a container running while its object sleeps, in milliseconds. The object wakes more often, to
   * ask for it again.
   */
  inactivityMs: z
    .int()
    .min(20_000)
    .max(6 * hour)
    .default(hour),
  /** How many sandboxes may run at once. Without it the account's own limit is the only one. */
  maxSandboxes: z.number().int().min(1).optional(),
  instanceTypes: z
    .array(z.enum(instanceTypes))
    .min(1)
    .default([...instanceTypes]),
  defaultInstanceType: z.enum(instanceTypes).default("standard-1"),
  /** Where sandboxes run unless the client asks for another place. */
  location: z.enum(locations).optional(),
  /** Images by name, beside those of the containers configuration: references that `start` takes. */
  images: z.record(z.string(), z.string()).default({}),
  /** Whether the platform's own images (`cloudflare/…`) may be asked for. */
  managedImages: z.boolean().default(true),
  /** Sites whose pages may call this Worker. */
  corsOrigins: z.array(z.url()).default([]),
});

/** What the owner of the Worker decided. */
export type WorkerSettings = z.output<typeof workerSettingsSchema>;

/** The variables that hold them. */
export interface SettingsVariables {
  /** An object or its JSON, in the form of {@link workerSettingsSchema}. */
  readonly GLOVEBOX_SETTINGS?: unknown;
  /**
   * Stands in for the setting `inactivityMs` where that is not given. The local runtime leaves what stands beside a container for
   * so long, also when the container is gone.
   */
  readonly GLOVEBOX_INACTIVITY_MS?: string;
}

/** Reads the settings. Some that cannot be used stop the service. */
export function readWorkerSettings(env: SettingsVariables): WorkerSettings {
  let settings: unknown = env.GLOVEBOX_SETTINGS ?? {};
  if (typeof settings === "string") {
    try {
      settings = JSON.parse(settings || "{}");
    } catch (cause) {
      throw unusable("it is not JSON", cause);
    }
  }
  const inactivityMs = Number(env.GLOVEBOX_INACTIVITY_MS ?? Number.NaN);
  if (inactivityMs > 0 && typeof settings === "object") settings = { inactivityMs, ...settings };
  const parsed = workerSettingsSchema.safeParse(settings);
  if (!parsed.success) throw unusable(z.prettifyError(parsed.error), parsed.error);
  const { instanceTypes: allowed, defaultInstanceType } = parsed.data;
  if (!allowed.includes(defaultInstanceType)) {
    throw unusable(`defaultInstanceType ${defaultInstanceType} is not among instanceTypes`);
  }
  return parsed.data;
}

function unusable(reason: string, cause?: unknown): ApiError {
  return new ApiError("unavailable", `The Worker's GLOVEBOX_SETTINGS cannot be used: ${reason}`, { cause });
}
