import { InvalidOptionsError, Secret } from "@glovebox/core/provider";
import { z } from "zod";

const name = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9._/:@-]*$/, "is not a name");

const settingsSchema = z.strictObject({
  url: z.string().min(1).optional(),
  apiKey: z.string().min(1).optional(),
  image: name.optional(),
  instanceType: name.optional(),
  location: name.optional(),
  requestTimeoutMs: z.number().int().min(1000).max(600_000).optional(),
});

export interface CloudflareProviderSettings {
  /** Where the Worker answers: `https://glovebox.example.workers.dev`. `GLOVEBOX_CLOUDFLARE_URL` unless given. */
  readonly url?: string;
  /** The key that the Worker was given as its secret. `GLOVEBOX_CLOUDFLARE_API_KEY` unless given. */
  readonly apiKey?: string;
  /** The image of sandboxes that ask for none: a name of the Worker's, or a managed image of Cloudflare's. `base` unless given. */
  readonly image?: string;
  /** The size of a container: `lite`, `basic`, `standard-1` to `standard-4`. The Worker's default unless given. */
  readonly instanceType?: string;
  /** A location hint of Durable Objects: `weur`, `enam`. Cloudflare chooses unless given. */
  readonly location?: string;
  /** How long the Worker may take for one answer, in milliseconds. 30,000 unless given. */
  readonly requestTimeoutMs?: number;
}

/** Where the Worker is. */
export interface WorkerAddress {
  /** With a trailing slash. */
  readonly url: URL;
  readonly apiKey: Secret;
}

/** The settings as they are used. */
export interface ResolvedSettings {
  /** Throws `invalid-options` where nobody has said where the Worker is: whoever only lists providers need not. */
  readonly worker: () => WorkerAddress;
  readonly image: string | undefined;
  readonly instanceType: string | undefined;
  readonly location: string | undefined;
  readonly requestTimeoutMs: number;
}

/** Throws `invalid-options` for what is not a setting, and names it. */
export function parseCloudflareSettings(settings: unknown, env: NodeJS.ProcessEnv = process.env): ResolvedSettings {
  const parsed = settingsSchema.safeParse(settings);
  if (!parsed.success) {
    throw new InvalidOptionsError(
      `The settings of the Cloudflare provider are wrong: ${z.prettifyError(parsed.error).replaceAll("\n", " ")}`,
      {
        providerId: "cloudflare",
        hint: "See the settings in the README of @glovebox/provider-cloudflare.",
      },
    );
  }
  const { url = env.GLOVEBOX_CLOUDFLARE_URL, apiKey = env.GLOVEBOX_CLOUDFLARE_API_KEY, ...rest } = parsed.data;
  const address = { url: url ? parseUrl(url) : undefined, apiKey: apiKey ? parseKey(apiKey) : undefined };
  return {
    worker: () => ({
      url: needed(address.url, "No Worker is named", urlHint),
      apiKey: needed(address.apiKey, "There is no key", keyHint),
    }),
    image: rest.image,
    instanceType: rest.instanceType,
    location: rest.location,
    requestTimeoutMs: rest.requestTimeoutMs ?? 30_000,
  };
}

const urlHint =
  "Set GLOVEBOX_CLOUDFLARE_URL to where your Worker answers: `glovebox cloudflare deploy` or `dev` prints it.";
const keyHint = "Set GLOVEBOX_CLOUDFLARE_API_KEY to the key that the Worker was deployed with.";

function needed<T>(value: T | undefined, missing: string, hint: string): T {
  if (value === undefined) throw invalid(`${missing} for the Cloudflare provider`, hint);
  return value;
}

function parseUrl(text: string): URL {
  if (!URL.canParse(text)) throw invalid(`${JSON.stringify(text.slice(0, 200))} is not the URL of a Worker`, urlHint);
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") throw invalid("The Worker's URL holds credentials", urlHint);
  const isOwn = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isOwn)) {
    throw invalid(
      `The Worker at ${url.host} is reached over https, or on this machine: its key would be read on the way`,
    );
  }
  url.search = "";
  url.hash = "";
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

function parseKey(text: string): Secret {
  // What a header cannot carry would be told with the header's value.
  if (!/^[\x21-\x7e]+$/.test(text)) throw invalid("The key for the Cloudflare Worker holds characters that no key has");
  return new Secret("GLOVEBOX_CLOUDFLARE_API_KEY", text);
}

function invalid(message: string, hint?: string): InvalidOptionsError {
  return new InvalidOptionsError(message, { providerId: "cloudflare", ...(hint !== undefined && { hint }) });
}
