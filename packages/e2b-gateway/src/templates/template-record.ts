import { z } from "zod";
import { buildStepSchema } from "./build-request.ts";

const contextSchema = z.object({
  user: z.string(),
  workdir: z.string(),
  envVars: z.record(z.string(), z.string()),
  startCmd: z.string().optional(),
  readyCmd: z.string().optional(),
});

/** What an image is made from: enough to make it again. Credentials of registries are not in it. */
const sourceSchema = z.object({
  /** An image by its name, or the id of the build or the name of the built-in template that it is based on. */
  from: z.object({ kind: z.enum(["image", "build", "built-in"]), reference: z.string() }),
  steps: z.array(buildStepSchema),
  /** What steps after one with `force` are known by. */
  forceKey: z.string(),
  /** What the steps leave beside files. */
  context: contextSchema,
});

const buildSchema = z.object({
  buildId: z.string(),
  status: z.enum(["waiting", "building", "ready", "error"]),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().optional(),
  cpuCount: z.number(),
  memoryMB: z.number(),
  /** The tags that it gets once it is ready. */
  tags: z.array(z.string()),
  source: sourceSchema.optional(),
  /** Of one that has failed. The step is `base`, or its number from 1. */
  failure: z.object({ message: z.string(), step: z.string() }).optional(),
});

/** A template as the gateway keeps it in its state directory. */
export const templateRecordSchema = z.object({
  version: z.literal(1),
  templateId: z.string().regex(/^[a-z0-9]{20}$/),
  name: z.string(),
  public: z.boolean(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  spawnCount: z.number(),
  lastSpawnedAt: z.iso.datetime().optional(),
  /** The oldest first. */
  builds: z.array(buildSchema),
  tags: z.record(z.string(), z.object({ buildId: z.string(), createdAt: z.iso.datetime() })),
});

export type TemplateRecord = z.infer<typeof templateRecordSchema>;
export type BuildRecord = z.infer<typeof buildSchema>;
export type BuildSource = z.infer<typeof sourceSchema>;
