import { z } from "@hono/zod-openapi";
import { momentSchema } from "./moment.ts";

const findingSchema = z.object({
  name: z.string(),
  status: z.enum(["ok", "notice", "problem"]),
  message: z.string(),
});

/** A provider that the server was configured with, and whether runs can start there. */
export const providerSchema = z
  .object({
    name: z.string(),
    isDefault: z.boolean(),
    ready: z.boolean(),
    findings: z.array(findingSchema),
    capabilities: z.record(z.string(), z.unknown()),
    checkedAt: momentSchema,
  })
  .openapi("Provider");

/** All providers, and the harnesses that run on them. */
export const providerListSchema = z
  .object({
    providers: z.array(providerSchema),
    harnesses: z.array(z.object({ name: z.string(), isDefault: z.boolean(), hasCredential: z.boolean() })),
  })
  .openapi("ProviderList");
