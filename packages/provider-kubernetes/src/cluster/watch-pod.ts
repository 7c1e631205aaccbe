import type { IncomingMessage } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { type CallOptions, SandboxAbortedError, SandboxError } from "@glovebox/core/provider";
import type { V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "./cluster.ts";
import { mapClusterError, statusOf } from "./cluster-errors.ts";
import { readBody } from "./read-body.ts";
import { readLines } from "./read-lines.ts";

export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** The server ends a watch after this; a connection that died in silence is noticed soon afterwards. */
const watchSeconds = 45;
const silenceMs = (watchSeconds + 15) * 1000;
const openTimeoutMs = 30_000;
const shortestPauseMs = 100;
const longestPauseMs = 5000;

interface WatchEvent {
  readonly type: string;
  readonly object: unknown;
}

/** See `Cluster.watchPod`. Between two watches the pod is read, so that nothing depends on what a broken one has said. */
export async function* watchPod(
  cluster: Cluster,
  pod: PodName,
  { signal }: CallOptions,
): AsyncGenerator<V1Pod | undefined, void> {
  const operation = `watching the pod ${pod.name}`;
  let seen: string | undefined;
  for (let pauseMs = shortestPauseMs; ; ) {
    const { state, version } = await read(cluster, pod, operation, signal);
    if (state === undefined) return yield undefined;
    if (state.metadata?.resourceVersion !== seen) {
      seen = state.metadata?.resourceVersion;
      yield state;
    }
    const since = performance.now();
    for await (const next of follow(cluster, pod, version, operation, signal)) {
      pauseMs = shortestPauseMs;
      seen = next?.metadata?.resourceVersion;
      yield next;
      if (next === undefined) return;
    }
    // A watch that ends as it was asked to needs no pause.
    pauseMs = performance.now() - since > watchSeconds * 500 ? shortestPauseMs : Math.min(pauseMs * 2, longestPauseMs);
    await pause(pauseMs * (0.5 + Math.random()), operation, signal);
  }
}

async function read(cluster: Cluster, { namespace, name }: PodName, operation: string, signal?: AbortSignal) {
  const call = signal === undefined ? {} : { signal };
  const found = await cluster.read(operation, call, ({ core }) =>
    core.listNamespacedPod({ namespace, fieldSelector: `metadata.name=${name}` }),
  );
  return { state: found.items[0], version: found.metadata?.resourceVersion ?? "0" };
}

/** Ends when the watch does, for whatever reason. Throws only what a read would not get past. */
async function* follow(
  cluster: Cluster,
  { namespace, name }: PodName,
  version: string,
  operation: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<V1Pod | undefined, void> {
  const ended = new AbortController();
  const onAbort = (): void => ended.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const query = new URLSearchParams({
      watch: "true",
      fieldSelector: `metadata.name=${name}`,
      resourceVersion: version,
      timeoutSeconds: String(watchSeconds),
    });
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods?${query}`;
    const { response, deserialize } = await open(cluster, path, operation, ended, signal);
    for await (const line of readLines(response, silenceMs)) {
      const event = eventOf(line);
      if (event?.type === "DELETED") yield undefined;
      else if (event?.type === "ADDED" || event?.type === "MODIFIED") yield deserialize(event.object);
      // Mostly 410: what follows the version is no longer known.
      else return;
    }
  } catch (error) {
    if (signal?.aborted) throw new SandboxAbortedError(`Aborted while ${operation}`, { providerId: "kubernetes" });
    if (isLasting(error)) throw error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
    ended.abort();
  }
}

async function open(
  cluster: Cluster,
  path: string,
  operation: string,
  ended: AbortController,
  signal: AbortSignal | undefined,
): Promise<{ readonly response: IncomingMessage; readonly deserialize: (pod: unknown) => V1Pod }> {
  const call = { timeoutMs: openTimeoutMs, ...(signal && { signal }) };
  return cluster.withTransport(operation, call, async (transport, cancelled, { library }) => {
    const response = await transport.send({ method: "GET", path, signal: AbortSignal.any([cancelled, ended.signal]) });
    if (response.statusCode !== 200) await readBody(response);
    return { response, deserialize: (pod) => library.ObjectSerializer.deserialize(pod, "V1Pod", "") as V1Pod };
  });
}

function eventOf(line: string): WatchEvent | undefined {
  try {
    return JSON.parse(line) as WatchEvent;
  } catch {
    // A line that was cut.
    return undefined;
  }
}

/** What the next read might not meet, and a watch would meet again: it may not be watched. */
function isLasting(error: unknown): boolean {
  if (!SandboxError.isInstance(error)) return mapClusterError(error, "") === undefined && !isStreamEnd(error);
  return !error.retryable && error.code !== "lost" && statusOf(error) !== 410;
}

function isStreamEnd(error: unknown): boolean {
  return error instanceof Error && "code" in error;
}

async function pause(ms: number, operation: string, signal: AbortSignal | undefined): Promise<void> {
  await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => {
    throw new SandboxAbortedError(`Aborted while ${operation}`, { providerId: "kubernetes", cause: signal?.reason });
  });
}
