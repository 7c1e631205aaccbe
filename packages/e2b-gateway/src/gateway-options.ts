import { InvalidOptionsError, type SandboxProvider, Secret } from "@glovebox/core/provider";
import { z } from "zod";
import type { GatewayLogger } from "./gateway-logger.ts";
import { leaseMarginMs } from "./sandboxes/link/lease-margin.ts";
import type { BuiltInTemplates } from "./templates/built-in-template.ts";

const positive = z.number().int().positive();

const optionsSchema = z.strictObject({
  provider: z.custom<SandboxProvider>((value) => typeof value === "object" && value !== null, "must be a provider"),
  apiKeys: z
    .array(z.union([z.string().min(1), z.instanceof(Secret).refine((key) => key.reveal() !== "", "must not be empty")]))
    .min(1, "at least one key is needed"),
  stateDir: z.string().min(1),
  domain: z
    .string()
    .regex(/^[a-z0-9.-]+(:\d{1,5})?$/, "must be a name in lower case, with a port or without")
    .optional(),
  privateHosts: z.array(z.string().min(1)).optional(),
  templates: z.custom<BuiltInTemplates>((value) => typeof value === "object" && value !== null).optional(),
  limits: z
    .strictObject({
      maxSandboxes: positive.optional(),
      maxTimeoutSeconds: positive.optional(),
      requestsPerSecond: z.number().positive().optional(),
      maxBodyBytes: positive.optional(),
    })
    .optional(),
  defaultResources: z.strictObject({ cpuCount: positive.optional(), memoryMB: positive.optional() }).optional(),
  warmPoolSize: z.number().int().min(0).max(100).optional(),
  logger: z
    .custom<GatewayLogger>((value) => typeof value === "object" && value !== null, "must be a logger")
    .optional(),
});

/** What a gateway allows its clients. Every limit has a default. */
export interface GatewayLimits {
  /** The maximum number of running sandboxes; further requests get 429. Default: 100. */
  readonly maxSandboxes?: number;
  /** The longest time-out that a client may request. Default: 86400, a day; never more than the provider allows. */
  readonly maxTimeoutSeconds?: number;
  /** Requests of one key to the control plane; bursts of twice as many are allowed. Further requests get 429. Default: 100. */
  readonly requestsPerSecond?: number;
  /** The largest body of a request to the control plane. Default: 1 MiB. */
  readonly maxBodyBytes?: number;
}

/** How a gateway serves E2B's protocol. */
export interface E2bGatewayOptions {
  /** Where the sandboxes run. It must allow a root inside and reach ports (`rootInside`, `endpoint`). */
  readonly provider: SandboxProvider;
  /** Every key allows everything: they belong to one team. */
  readonly apiKeys: readonly (string | Secret)[];
  /** A directory of the gateway's own, created where it is missing. A restarted gateway finds its sandboxes in it. */
  readonly stateDir: string;
  /** Where `PORT-ID.DOMAIN` leads to this gateway, with its port where that is not 443. Clients use it for `getHost`. */
  readonly domain?: string;
  /** Private names, addresses or blocks that sandboxes may reach, with a port or without. Default: none. */
  readonly privateHosts?: readonly string[];
  /** Templates by name that every client finds, beside `base`. */
  readonly templates?: BuiltInTemplates;
  readonly limits?: GatewayLimits;
  /** Of a template that names none. Default: 2 processors and 1024 MiB. */
  readonly defaultResources?: { readonly cpuCount?: number; readonly memoryMB?: number };
  /**
   * The number of sandboxes of the template `base` that are started ahead, so that a client gets one in a few milliseconds.
   * Each uses the memory of an idle sandbox. Default: 0.
   */
  readonly warmPoolSize?: number;
  readonly logger?: GatewayLogger;
}

/** The options with every default in its place. */
export interface GatewaySettings {
  readonly provider: SandboxProvider;
  readonly apiKeys: readonly Secret[];
  readonly stateDir: string;
  readonly domain: string | undefined;
  readonly privateHosts: readonly string[];
  readonly templates: BuiltInTemplates;
  readonly limits: Required<GatewayLimits>;
  readonly defaultResources: { readonly cpuCount: number; readonly memoryMB: number };
  readonly warmPoolSize: number;
  readonly logger: GatewayLogger;
}

const silent: GatewayLogger = { info: () => {}, warn: () => {} };

/** Throws `invalid-options` for what is not an option, and for a provider that cannot carry what E2B promises. */
export function parseGatewayOptions(options: E2bGatewayOptions): GatewaySettings {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) {
    const message = `The options of the E2B gateway are wrong: ${z.prettifyError(parsed.error)}`;
    throw new InvalidOptionsError(message, { hint: "See the README of @glovebox/e2b-gateway.", cause: parsed.error });
  }
  const {
    provider,
    apiKeys,
    stateDir,
    domain,
    privateHosts = [],
    templates = {},
    limits,
    defaultResources,
    warmPoolSize,
    logger,
  } = parsed.data;
  const { capabilities } = provider;
  if (!capabilities.rootInside || !capabilities.endpoint) {
    throw new InvalidOptionsError(`The provider ${provider.id} cannot carry E2B's sandboxes`, {
      providerId: provider.id,
      hint: "It takes one that claims `rootInside` and `endpoint`, as docker does.",
    });
  }
  return {
    provider,
    apiKeys: apiKeys.map((key) => (key instanceof Secret ? key : new Secret("E2B_API_KEY", key))),
    stateDir,
    domain,
    privateHosts,
    templates,
    limits: {
      maxSandboxes: limits?.maxSandboxes ?? 100,
      maxTimeoutSeconds: Math.min(limits?.maxTimeoutSeconds ?? 24 * 60 * 60, longestTimeout(capabilities.maxTtlMs)),
      requestsPerSecond: limits?.requestsPerSecond ?? 100,
      maxBodyBytes: limits?.maxBodyBytes ?? 1024 * 1024,
    },
    defaultResources: {
      cpuCount: defaultResources?.cpuCount ?? 2,
      memoryMB: defaultResources?.memoryMB ?? 1024,
    },
    warmPoolSize: warmPoolSize ?? 0,
    logger: logger ?? silent,
  };
}

/** In seconds: what a provider's longest lease leaves for E2B's. */
function longestTimeout(maxTtlMs = Number.POSITIVE_INFINITY): number {
  return Math.floor((maxTtlMs - leaseMarginMs) / 1000);
}
