import { InvalidOptionsError, Secret } from "@glovebox/core/provider";
import { z } from "zod";

const url = z.url({ protocol: /^https?$/ });

const settingsSchema = z.strictObject({
  apiKey: z.union([z.string().min(1), z.instanceof(Secret)]).optional(),
  apiUrl: url.optional(),
  sandboxUrl: url.optional(),
  domain: z
    .string()
    .regex(/^[a-z0-9.-]+(:\d+)?$/)
    .optional(),
  template: z.string().min(1).optional(),
  requestTimeoutMs: z.number().int().min(1000).optional(),
  proxy: url.optional(),
});

export interface E2bProviderSettings {
  /** E2B's API key. `E2B_API_KEY` of the environment unless given. */
  readonly apiKey?: string | Secret;
  /** The control plane. `E2B_API_URL`, else E2B's own. */
  readonly apiUrl?: string;
  /** Where every sandbox is reached, told apart by headers. `E2B_SANDBOX_URL`, else each by its own name. */
  readonly sandboxUrl?: string;
  /** `E2B_DOMAIN`, else `e2b.app`. */
  readonly domain?: string;
  /** The name or id of the E2B template that the default template starts from. `base` unless given. */
  readonly template?: string;
  /** How long one call to E2B may take, in milliseconds. 60 seconds unless given. */
  readonly requestTimeoutMs?: number;
  /** The proxy on the way to E2B: `http://127.0.0.1:8080`. As `HTTPS_PROXY` and `NO_PROXY` say unless given. */
  readonly proxy?: string;
}

/** Throws `invalid-options` for what is not a setting, and names it. Never repeats a value: the key is among them. */
export function parseE2bSettings(settings: unknown): E2bProviderSettings {
  const parsed = settingsSchema.safeParse(settings);
  if (parsed.success) {
    const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
    return Object.fromEntries(given);
  }
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  throw new InvalidOptionsError(`The settings of the E2B provider are wrong: ${where}${issue?.message}`, {
    providerId: "e2b",
    hint: "See the settings in the README of @glovebox/provider-e2b.",
  });
}
