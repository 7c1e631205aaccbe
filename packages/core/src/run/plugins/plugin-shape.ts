import { z } from "zod";

/** The version of the contracts that this core speaks. */
const specificationVersion = 1;

export interface PluginFlaw {
  /** What is wrong, as the end of a sentence that begins with its name; absent when nothing is. */
  readonly flaw?: string;
  readonly hint?: string;
}

/** Looks at what a package exports as `provider` or `harness`. */
export function pluginFlaw(plugin: unknown, kind: "provider" | "harness"): PluginFlaw {
  if (typeof plugin !== "object" || plugin === null) return { flaw: `exports no ${kind}` };
  const { specificationVersion: version, kind: found, create } = plugin as Record<string, unknown>;
  if (found !== kind) return { flaw: `exports as ${kind} something else: its kind is ${shown(found)}` };
  if (version === undefined) return { flaw: `exports a ${kind} without specificationVersion` };
  if (version !== specificationVersion) {
    const older = typeof version === "number" && version < specificationVersion;
    return {
      flaw: `speaks version ${shown(version)} of the ${kind} contract, and this Glovebox speaks ${specificationVersion}`,
      hint: older ? "Update it to a newer version." : "Update Glovebox, or install an older version of it.",
    };
  }
  if (typeof create !== "function") return { flaw: `exports a ${kind} without the method create` };
  return {};
}

const flags = (names: readonly string[]) => z.object(Object.fromEntries(names.map((name) => [name, z.boolean()])));

/** Loose: what this version does not know is left alone, so that a plugin may say more. */
const capabilitiesSchema = z.object({
  templates: flags(["image", "dockerfile"]),
  resources: flags(["cpus", "memoryMiB", "pids", "diskMiB", "openFiles", "tmpMiB", "shmMiB"]),
  egress: flags(["hosts", "ports", "credentials", "paths", "audit", "metering"]).extend({
    modes: z.array(z.enum(["none", "sealed", "standard", "open"])),
  }),
  ...flags(["mounts", "rootInside", "wake", "stats", "pty", "endpoint", "pause", "snapshot", "watch"]).shape,
  maxTtlMs: z.number().positive().optional(),
});

const version = z.literal(specificationVersion);
const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "is not a short name such as docker");
const method = z.custom((value) => typeof value === "function", "is not a method");
const methods = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, method]));

const providerSchema = z.object({
  specificationVersion: version,
  id,
  capabilities: capabilitiesSchema,
  ...methods(["preflight", "prepare", "create", "connect", "list", "destroy"]),
});

const harnessSchema = z.object({
  specificationVersion: version,
  id,
  endpoints: z.array(
    z.object({
      id: z.string().min(1),
      upstream: z.string().min(1),
      baseUrlVariable: z.string().min(1),
      paths: z.array(z.object({ method: z.string(), path: z.string() })),
    }),
  ),
  credentials: z.array(
    z.object({
      variable: z.string().min(1),
      endpointId: z.string().min(1),
      header: z.string().min(1),
      placeholder: z.string().min(1),
    }),
  ),
  ...methods(["template", "command", "parse", "outcome", "interrupt"]),
  components: z.object(methods(["command", "start"])).optional(),
  places: z.object({ kinds: z.array(z.string()), ...methods(["files"]) }).optional(),
});

/** What is wrong with what a provider's `create` returned; `undefined` when nothing is. */
export function providerFlaw(created: unknown): string | undefined {
  return flawOf(providerSchema, created);
}

/** What is wrong with what a harness's `create` returned; `undefined` when nothing is. */
export function harnessFlaw(created: unknown): string | undefined {
  return flawOf(harnessSchema, created);
}

function flawOf(schema: z.ZodType, created: unknown): string | undefined {
  if (created instanceof Promise) {
    // Nobody else will look at it.
    created.catch(() => {});
    return "create returns a promise, and must return at once";
  }
  const issue = schema.safeParse(created).error?.issues[0];
  if (issue === undefined) return undefined;
  const path = issue.path.join(".");
  return path === "" ? "create returned no object" : `${path}: ${issue.message}`;
}

function shown(value: unknown): string {
  return value === undefined ? "missing" : (JSON.stringify(value)?.slice(0, 40) ?? typeof value);
}
