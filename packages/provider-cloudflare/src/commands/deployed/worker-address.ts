import type { CommandContext } from "@glovebox/core/plugin";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { WorkerAddress } from "./worker-api.ts";

interface Known {
  readonly url?: string;
  readonly key?: string;
}

/** Returns what the environment and the user's own configuration know about their Worker, as a run resolves it. */
export async function knownWorker(context: CommandContext): Promise<Known> {
  const settings = await context.settingsOf("cloudflare").read();
  const { env } = context;
  const url = typeof settings.url === "string" ? settings.url : env.GLOVEBOX_CLOUDFLARE_URL;
  const key = typeof settings.apiKey === "string" ? settings.apiKey : env.GLOVEBOX_CLOUDFLARE_API_KEY;
  return { ...(url ? { url } : {}), ...(key ? { key } : {}) };
}

/** Returns the Worker of a command. A key is sent only to the URL that it was configured with. */
export async function requireWorker(requestedUrl: string | undefined, context: CommandContext): Promise<WorkerAddress> {
  const known = await knownWorker(context);
  const url = requestedUrl === undefined ? known.url : parseUrl(requestedUrl);
  const key =
    requestedUrl === undefined || requestedUrl === known.url ? known.key : context.env.GLOVEBOX_CLOUDFLARE_API_KEY;
  if (url !== undefined && key !== undefined) return { url: parseUrl(url), key };
  throw new InvalidOptionsError(`The ${url === undefined ? "URL" : "API key"} of the Worker is not set`, {
    hint: "Set GLOVEBOX_CLOUDFLARE_URL and GLOVEBOX_CLOUDFLARE_API_KEY, or create a Worker: `glovebox cloudflare init`.",
  });
}

/** Parses a URL that a key may be sent to: https, or this machine. */
export function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = url !== undefined && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (
    url === undefined ||
    !(url.protocol === "https:" || (url.protocol === "http:" && isLocal)) ||
    url.username !== ""
  ) {
    throw new InvalidOptionsError("The Worker's URL must use https", {
      hint: "For instance https://glovebox.example.workers.dev. http is allowed only on this machine.",
    });
  }
  return url.href.replace(/\/$/, "");
}

/** Saves the Worker in the user's configuration, readable only by them, and keeps all other settings. */
export async function saveWorker(
  context: CommandContext,
  settings: { readonly url: string; readonly apiKey: string },
): Promise<string> {
  return await context.settingsOf("cloudflare").change((before) => ({ ...before, ...settings }));
}

/** Removes the Worker from the configuration if it has this URL. */
export async function forgetWorker(context: CommandContext, url: string): Promise<void> {
  const settings = context.settingsOf("cloudflare");
  if ((await settings.read()).url !== url) return;
  await settings.change(({ url: _, apiKey: __, ...rest }) => rest);
}
