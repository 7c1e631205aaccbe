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

/** The settings as they are used. */
export interface ResolvedSettings {
  /** With a trailing slash. */
  readonly url: URL;
  readonly apiKey: Secret;
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
  return {
    url: parseUrl(url),
    apiKey: parseKey(apiKey),
    image: rest.image,
    instanceType: rest.instanceType,
    location: rest.location,
    requestTimeoutMs: rest.requestTimeoutMs ?? 30_000,
  };
}

function parseUrl(given: string | undefined): URL {
  const hint =
    "Set GLOVEBOX_CLOUDFLARE_URL to where your Worker answers: `glovebox cloudflare deploy` or `dev` prints it.";
  if (!given) throw invalid("No Worker is named for the Cloudflare provider", hint);
  if (!URL.canParse(given)) throw invalid(`${JSON.stringify(given.slice(0, 200))} is not the URL of a Worker`, hint);
  const url = new URL(given);
  if (url.username !== "" || url.password !== "") throw invalid("The Worker's URL holds credentials", hint);
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

function parseKey(given: string | undefined): Secret {
  if (!given) {
    const hint = "Set GLOVEBOX_CLOUDFLARE_API_KEY to the key that the Worker was deployed with.";
    throw invalid("There is no key for the Cloudflare Worker", hint);
  }
  // What a header cannot carry would be told with the header's value.
  if (!/^[\x21-\x7e]+$/.test(given))
    throw invalid("The key for the Cloudflare Worker holds characters that no key has");
  return new Secret("GLOVEBOX_CLOUDFLARE_API_KEY", given);
}

function invalid(message: string, hint?: string): InvalidOptionsError {
  return new InvalidOptionsError(message, { providerId: "cloudflare", ...(hint !== undefined && { hint }) });
}
