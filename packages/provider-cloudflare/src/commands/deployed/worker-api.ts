import { hostProxyFailure } from "@glovebox/core/host-proxy";
import {
  InvalidOptionsError,
  SandboxAuthenticationError,
  type SandboxError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import { z } from "zod";
import { hostFetch } from "./host-fetch.ts";

const aboutSchema = z.object({
  protocol: z.number(),
  version: z.string(),
  images: z.array(z.string()).default([]),
  instanceTypes: z.array(z.string()).default([]),
  defaultInstanceType: z.string().optional(),
  maxTtlMs: z.number().optional(),
  settings: z.record(z.string(), z.unknown()).default({}),
});

/** The version and limits of a Worker. */
export type AboutWorker = z.infer<typeof aboutSchema>;

const sandboxSchema = z.object({
  id: z.string(),
  state: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  createdAt: z.string().optional(),
  leaseEndsAt: z.string().optional(),
  image: z.string().optional(),
  instanceType: z.string().optional(),
});

export type WorkerSandbox = z.infer<typeof sandboxSchema>;

const pageSchema = z.object({ sandboxes: z.array(sandboxSchema), cursor: z.string().optional() });
const errorSchema = z.object({ error: z.object({ message: z.string(), hint: z.string().optional() }) });

/** A Worker's URL and API key. */
export interface WorkerAddress {
  readonly url: string;
  readonly key: string;
}

const requestMs = 20_000;

/** Reads the version and limits of a Worker. */
export async function aboutWorker(address: WorkerAddress, signal?: AbortSignal): Promise<AboutWorker> {
  const body = await call(address, "GET", "v1", signal);
  const parsed = aboutSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new SandboxUnavailableError(`${address.url} is not a Glovebox Worker`, { retryable: false });
}

/** Returns every sandbox of a Worker. */
export async function listWorkerSandboxes(address: WorkerAddress): Promise<readonly WorkerSandbox[]> {
  const sandboxes: WorkerSandbox[] = [];
  let cursor: string | undefined;
  do {
    const query: string = cursor === undefined ? "" : `?cursor=${encodeURIComponent(cursor)}`;
    const page = pageSchema.parse(await call(address, "GET", `v1/sandboxes${query}`));
    sandboxes.push(...page.sandboxes);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return sandboxes;
}

export async function destroyWorkerSandbox(address: WorkerAddress, id: string): Promise<void> {
  await call(address, "DELETE", `v1/sandboxes/${encodeURIComponent(id)}`);
}

async function call({ url, key }: WorkerAddress, method: string, path: string, signal?: AbortSignal): Promise<unknown> {
  const timeout = AbortSignal.timeout(requestMs);
  const init = {
    method,
    headers: { authorization: `Bearer ${key}` },
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
  };
  let response: Awaited<ReturnType<typeof hostFetch>>;
  try {
    response = await hostFetch(new URL(path, url.endsWith("/") ? url : `${url}/`), init, process.env);
  } catch (cause) {
    const ofProxy = hostProxyFailure(cause);
    if (ofProxy !== undefined) throw ofProxy;
    throw new SandboxUnavailableError(`Cannot reach the Worker at ${url}`, {
      hint: "Check the URL. To start a local Worker, run `glovebox cloudflare dev`.",
      cause,
    });
  }
  const text = await response.text();
  if (response.ok) return parseAnswer(text);
  const error = errorSchema.safeParse(parseAnswer(text)).data?.error;
  throw refusal(response.status, error?.message ?? `${url} answered with ${response.status}`, error?.hint);
}

function refusal(status: number, message: string, hint?: string): SandboxError {
  const options = hint === undefined ? {} : { hint };
  if (status === 401 || status === 403) return new SandboxAuthenticationError(message, options);
  if (status === 400) return new InvalidOptionsError(message, options);
  return new SandboxUnavailableError(message, options);
}

/** Parses JSON; returns `undefined` for anything else, which the caller rejects. */
export function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
