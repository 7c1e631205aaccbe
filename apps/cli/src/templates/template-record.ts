import type { LoadedTemplate } from "@glovebox/image-builder/description";
import { z } from "zod";

const buildSchema = z.object({
  /** The provider's id, and the name by which it was given. */
  providerId: z.string(),
  provider: z.string(),
  reference: z.string(),
  digest: z.string(),
  builtAt: z.iso.datetime(),
});

/** The template of a provider that came of a description. */
export type TemplateBuild = Readonly<z.infer<typeof buildSchema>>;

const argv = z.tuple([z.string()], z.string());

/** A template that was built on this machine: its description as it was, and what providers made of it. */
export const templateRecordSchema = z.object({
  template: z.object({
    name: z.string(),
    id: z.string(),
    path: z.string(),
    description: z.looseObject({}),
    base: z.union([
      z.object({ kind: z.literal("default") }),
      z.object({ kind: z.literal("image"), reference: z.string() }),
      z.object({
        kind: z.literal("dockerfile"),
        path: z.string(),
        buildArgs: z.record(z.string(), z.string()).optional(),
      }),
    ]),
    start: z
      .object({
        argv,
        ready: z.union([z.object({ argv }), z.object({ port: z.number() }), z.object({ file: z.string() })]).optional(),
        timeoutMs: z.number().optional(),
      })
      .optional(),
    env: z.record(z.string(), z.string()),
    harnessVersions: z.record(z.string(), z.string()),
    devcontainer: z.object({ config: z.string(), reference: z.string() }).optional(),
    notices: z.array(z.string()),
  }),
  builds: z.array(buildSchema),
});

/** As {@link templateRecordSchema} reads it. */
export interface TemplateRecord {
  readonly template: LoadedTemplate;
  readonly builds: readonly TemplateBuild[];
}
