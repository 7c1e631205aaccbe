import { z } from "zod";

const registrySchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("registry"), username: z.string().min(1), password: z.string().min(1) }),
  z.object({ type: z.literal("aws") }),
  z.object({ type: z.literal("gcp") }),
]);

export const buildStepSchema = z.object({
  type: z.string().min(1).max(16),
  args: z.array(z.string().max(256 * 1024)).default([]),
  filesHash: z.string().optional(),
  force: z.boolean().optional(),
});

/** A step of a template, as the SDK sends it: `RUN`, `COPY`, `ENV`, `WORKDIR` or `USER`. */
export type BuildStep = z.infer<typeof buildStepSchema>;

/** What a template is made of: the body of `POST /v2/templates/{templateID}/builds/{buildID}`. */
export const buildRequestSchema = z.object({
  fromImage: z.string().optional(),
  fromTemplate: z.string().optional(),
  fromImageRegistry: registrySchema.optional(),
  steps: z.array(buildStepSchema).max(1000).default([]),
  startCmd: z.string().optional(),
  readyCmd: z.string().optional(),
  force: z.boolean().optional(),
});

export type BuildRequest = z.infer<typeof buildRequestSchema>;

/** The body of `POST /v3/templates`. */
export const templateRequestSchema = z.object({
  name: z.string().optional(),
  alias: z.string().optional(),
  tags: z.array(z.string()).max(100).optional(),
  cpuCount: z.number().int().min(1).max(64).optional(),
  memoryMB: z
    .number()
    .int()
    .min(128)
    .max(256 * 1024)
    .optional(),
});

export type TemplateRequest = z.infer<typeof templateRequestSchema>;
