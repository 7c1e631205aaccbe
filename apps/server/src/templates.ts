import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readHostText } from "@glovebox/core/host-files";
import type { TemplateBase } from "@glovebox/core/provider";
import { z } from "zod";

const recordSchema = z.object({
  template: z.object({
    name: z.string(),
    base: z.union([
      z.object({ kind: z.literal("default") }),
      z.object({ kind: z.literal("image"), reference: z.string() }),
      z.object({
        kind: z.literal("dockerfile"),
        path: z.string(),
        buildArgs: z.record(z.string(), z.string()).optional(),
      }),
    ]),
  }),
  builds: z.array(z.object({ provider: z.string(), reference: z.string(), builtAt: z.iso.datetime() })),
});

/** A template that `glovebox template build` has built on this machine. */
export type BuiltTemplate = z.infer<typeof recordSchema>;

/** The templates of a state directory, by name. A record that cannot be read is left out. */
export async function readTemplates(home: string): Promise<ReadonlyMap<string, BuiltTemplate>> {
  const directory = join(home, "templates");
  const names = await readdir(directory).catch(() => []);
  const templates = new Map<string, BuiltTemplate>();
  for (const name of names.filter((one) => /^[a-z0-9-]+\.json$/.test(one))) {
    const text = await readHostText(join(directory, name)).catch(() => undefined);
    const parsed = recordSchema.safeParse(parse(text ?? ""));
    if (parsed.success) templates.set(parsed.data.template.name, parsed.data);
  }
  return templates;
}

/** What a sandbox of a template starts from. */
export function baseOf({ template: { base } }: BuiltTemplate): TemplateBase {
  if (base.kind !== "dockerfile") return base;
  const { buildArgs, ...rest } = base;
  return { ...rest, ...(buildArgs !== undefined && { buildArgs }) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Damaged: its schema refuses it.
    return undefined;
  }
}
