import { Secret } from "@glovebox/core/provider";
import { z } from "zod";

const url = z.url({ protocol: /^https?$/ });

export const e2bSettingsSchema = z.object({
  /** E2B's API key. Default: `E2B_API_KEY`. */
  apiKey: z.union([z.string().min(1), z.instanceof(Secret)]).optional(),
  /** The control plane's URL. Default: `E2B_API_URL`, else E2B's own. */
  apiUrl: url.optional(),
  /** One URL for all sandboxes, which headers then select. Default: `E2B_SANDBOX_URL`, else each sandbox's own name. */
  sandboxUrl: url.optional(),
  /** Default: `E2B_DOMAIN`, else `e2b.app`. */
  domain: z
    .string()
    .regex(/^[a-z0-9.-]+(:\d+)?$/)
    .optional(),
  /** The name or id of the E2B template that the default template starts from. Default: `base`. */
  template: z.string().min(1).optional(),
  /** Timeout of one call to E2B, in milliseconds. Default: 60 seconds. */
  requestTimeoutMs: z.number().int().min(1000).optional(),
  /** The URL of a proxy to E2B: `http://127.0.0.1:8080`. Default: by `HTTPS_PROXY` and `NO_PROXY`. */
  proxy: url.optional(),
});

/** The settings of the provider. Those that are left out come from the environment or have a default. */
export type E2bProviderSettings = Readonly<z.input<typeof e2bSettingsSchema>>;
