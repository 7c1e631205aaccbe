import { dropUndefined, InvalidOptionsError, Secret } from "@glovebox/core/provider";
import { z } from "zod";

const name = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._/:@-]*$/, "is not a name");

export const cloudflareSettingsSchema = z.object({
  /** The Worker's URL: `https://glovebox.example.workers.dev`. Default: `GLOVEBOX_CLOUDFLARE_URL`. */
  url: z.string().min(1).optional(),
  /** The Worker's API key. Default: `GLOVEBOX_CLOUDFLARE_API_KEY`. */
  apiKey: z.string().min(1).optional(),
  /** The default image: a name of the Worker's images, or one of Cloudflare's own. Default: `base`. */
  image: name.optional(),
  /** The size of a container: `lite`, `basic`, `standard-1` to `standard-4`. Default: the Worker's. */
  instanceType: name.optional(),
  /** A location hint of Durable Objects: `weur`, `enam`. By default Cloudflare chooses. */
  location: name.optional(),
  /** Timeout of one Worker request, in milliseconds. Default: 30,000. */
  requestTimeoutMs: z.number().int().min(1000).max(600_000).optional(),
});

/** The settings of the provider. Those that are left out come from the environment or have a default. */
export type CloudflareProviderSettings = Readonly<z.input<typeof cloudflareSettingsSchema>>;

export interface WorkerAddress {
  /** With a trailing slash. */
  readonly url: URL;
  readonly apiKey: Secret;
}

/** The settings with their defaults. */
export interface ResolvedSettings {
  /** Throws `invalid-options` if the URL or the key is missing, which is not an error until they are used. */
  readonly worker: () => WorkerAddress;
  readonly image?: string | undefined;
  readonly instanceType?: string | undefined;
  readonly location?: string | undefined;
  readonly requestTimeoutMs: number;
}

/** Reads defaults from the environment. Throws `invalid-options` for an invalid URL or key. */
export function resolveSettings(
  { url: urlText, apiKey: keyText, requestTimeoutMs = 30_000, ...rest }: CloudflareProviderSettings,
  env: NodeJS.ProcessEnv = process.env,
): ResolvedSettings {
  const { GLOVEBOX_CLOUDFLARE_URL, GLOVEBOX_CLOUDFLARE_API_KEY } = env;
  const url = parse(urlText ?? GLOVEBOX_CLOUDFLARE_URL, parseUrl);
  const apiKey = parse(keyText ?? GLOVEBOX_CLOUDFLARE_API_KEY, parseKey);
  return {
    ...rest,
    requestTimeoutMs,
    worker: () => ({
      url: required(url, "The URL of the Cloudflare Worker is not set", urlHint),
      apiKey: required(apiKey, "The API key of the Cloudflare Worker is not set", keyHint),
    }),
  };
}

const urlHint = "Set GLOVEBOX_CLOUDFLARE_URL to your Worker's URL: `glovebox cloudflare deploy` or `dev` prints it.";
const keyHint = "Set GLOVEBOX_CLOUDFLARE_API_KEY to the key that the Worker was deployed with.";

function parse<T>(text: string | undefined, parser: (text: string) => T): T | undefined {
  return text ? parser(text) : undefined;
}

function required<T>(value: T | undefined, missing: string, hint: string): T {
  if (value === undefined) throw invalid(missing, hint);
  return value;
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) throw invalid(`Invalid Worker URL ${JSON.stringify(text.slice(0, 200))}`, urlHint);
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") throw invalid("The Worker's URL contains credentials", urlHint);
  const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal)) {
    throw invalid(
      `Use https for the Worker at ${url.host}: plain http, which exposes the key, is allowed only locally`,
    );
  }
  url.search = "";
  url.hash = "";
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

function parseKey(text: string): Secret {
  // An error about an invalid header would contain its value.
  if (!/^[\x21-\x7e]+$/.test(text)) throw invalid("The Cloudflare Worker's key contains invalid characters");
  return new Secret("GLOVEBOX_CLOUDFLARE_API_KEY", text);
}

function invalid(message: string, hint?: string): InvalidOptionsError {
  return new InvalidOptionsError(message, dropUndefined({ providerId: "cloudflare", hint }));
}
