import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { readSmallFile } from "../config/read-small-file.ts";
import { loadUserConfig, parseJson } from "../config/user-config.ts";
import type { Environment } from "../terminal.ts";
import type { WorkerAddress } from "./worker-api.ts";

interface Known {
  readonly url?: string;
  readonly key?: string;
}

/** What the environment and the person's own configuration say of their Worker, as a run with it would take it. */
export async function knownWorker(home: string, env: Environment): Promise<Known> {
  const { config } = await loadUserConfig(home);
  const settings = config.providers?.cloudflare ?? {};
  const url = typeof settings.url === "string" ? settings.url : env.GLOVEBOX_CLOUDFLARE_URL;
  const key = typeof settings.apiKey === "string" ? settings.apiKey : env.GLOVEBOX_CLOUDFLARE_API_KEY;
  return { ...(url ? { url } : {}), ...(key ? { key } : {}) };
}

/** The Worker that a command is about. A key goes only to the address that it was given with. */
export async function requireWorker(given: string | undefined, home: string, env: Environment): Promise<WorkerAddress> {
  const known = await knownWorker(home, env);
  const url = given === undefined ? known.url : parseUrl(given);
  const key = given === undefined || given === known.url ? known.key : env.GLOVEBOX_CLOUDFLARE_API_KEY;
  if (url !== undefined && key !== undefined) return { url: parseUrl(url), key };
  throw new InvalidOptionsError(`No Worker is known: ${url === undefined ? "its address" : "its key"} is missing`, {
    hint: "Set GLOVEBOX_CLOUDFLARE_URL and GLOVEBOX_CLOUDFLARE_API_KEY, or make one: `glovebox cloudflare init`.",
  });
}

/** An address that a key may be sent to: https, or this machine. */
export function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = url !== undefined && /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (
    url === undefined ||
    !(url.protocol === "https:" || (url.protocol === "http:" && isLocal)) ||
    url.username !== ""
  ) {
    throw new InvalidOptionsError("The Worker's address is not an https URL", {
      hint: "As in https://glovebox.example.workers.dev; http is for this machine alone.",
    });
  }
  return url.href.replace(/\/$/, "");
}

/** Puts the Worker into the person's own configuration, which only they can read then. Everything else in it stays. */
export async function saveWorker(
  home: string,
  settings: { readonly url: string; readonly apiKey: string },
): Promise<string> {
  return await changeSettings(home, (before) => ({ ...before, ...settings }));
}

/** Takes the Worker out of the configuration again, where it is the one at this address. */
export async function forgetWorker(home: string, url: string): Promise<void> {
  const { config } = await loadUserConfig(home);
  if (config.providers?.cloudflare?.url !== url) return;
  await changeSettings(home, ({ url: _, apiKey: __, ...rest }) => rest);
}

type Settings = Readonly<Record<string, unknown>>;

async function changeSettings(home: string, change: (before: Settings) => Settings): Promise<string> {
  const path = join(home, "config.json");
  await loadUserConfig(home); // Says what is wrong with it before anything is written.
  const config = parseJson((await readSmallFile(path)) ?? "{}", path) as {
    readonly providers?: Readonly<Record<string, Settings>>;
  };
  const cloudflare = change(config.providers?.cloudflare ?? {});
  const text = JSON.stringify({ ...config, providers: { ...config.providers, cloudflare } }, undefined, 2);
  await mkdir(home, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, `${text}\n`, { mode: 0o600, flag: "wx" });
  await rename(temporary, path);
  return path;
}
