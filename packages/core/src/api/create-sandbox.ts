import { BoundedProvider } from "../bounds/bounded-provider.ts";
import { dropUndefined } from "../provider/drop-undefined.ts";
import { ownerLabel, runLabel, type Sandbox } from "../provider/sandbox.ts";
import { assertReady } from "../run/checks/assert-ready.ts";
import { retry } from "../run/recovery/retry.ts";
import { readOwner } from "../run/state/owner.ts";
import { newRunId } from "../run/state/run-id.ts";
import { stateDirectory } from "../state/state-directory.ts";
import type { CreateSandboxOptions } from "./create-sandbox-options.ts";

const defaultTtlMs = 30 * 60_000;

/**
 * Creates a sandbox: checks that the provider is ready, prepares the template, and fills in everything that a sandbox
 * needs but a caller rarely cares about. `await using` destroys the sandbox at the end of the block.
 *
 *     await using sandbox = await createSandbox({ provider: createDockerProvider() });
 *
 * Every call on the sandbox has a deadline. Rejects with a `SandboxError`; nothing is left behind unless the error says
 * `mayHaveCreated`.
 */
export async function createSandbox(options: CreateSandboxOptions): Promise<Sandbox> {
  const { base = { kind: "default" }, layers = [], onProgress, egressObserver } = options;
  const signal = options.signal ?? new AbortController().signal;
  const provider = BoundedProvider.of(options.provider);
  const owner = readOwner(options.home ?? stateDirectory());
  const id = newRunId();
  const { resources, mounts, rootInside } = options;
  const spec = {
    labels: { ...options.labels, [ownerLabel]: owner, [runLabel]: id },
    ttlMs: options.ttlMs ?? defaultTtlMs,
    env: options.env ?? {},
    egress: options.egress ?? { mode: "none", models: [] },
    idempotencyKey: options.idempotencyKey ?? id,
    ...dropUndefined({ resources, mounts, rootInside }),
  };
  assertReady(await provider.preflight({ signal, spec }), provider.id);
  const again = { signal, onRetry: () => {} };
  const template = await retry(
    () => provider.prepare({ base, layers }, { signal, owner, ...dropUndefined({ onProgress }) }),
    again,
  );
  return await retry(
    () => provider.create({ ...spec, template }, { signal, ...dropUndefined({ egressObserver }) }),
    again,
  );
}
