import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { ownerLabel, runLabel, SandboxError } from "@glovebox/core/provider";
import type { CaseContext } from "../case-context.ts";
import type { FaultKind } from "./fault-kind.ts";
import type { FaultOptions } from "./fault-options.ts";
import { FaultProxy, type SeenCall } from "./fault-proxy.ts";
import { runFaultScript } from "./fault-script.ts";
import { judgeFault } from "./judge-fault.ts";

/** How long a call that nothing comes back from is waited for before its caller gives it up. */
const patienceMs = 500;

/** One run with one fault at one call. Throws when it was reported wrong or left something behind; false when it never came to the call. */
export async function tryFault(
  context: CaseContext,
  faults: FaultOptions,
  { call, kind }: { readonly call: SeenCall; readonly kind: FaultKind },
): Promise<boolean> {
  const giveUp = new AbortController();
  const giveUpDestroy = new AbortController();
  const what = `${kind} at ${call.name}`;
  const onCall = (seen: SeenCall): void => {
    if (kind !== "stall" || seen.name !== call.name) return;
    setTimeout(() => giveUp.abort(), patienceMs);
    setTimeout(() => giveUpDestroy.abort(), 4 * patienceMs);
  };
  await using proxy = await FaultProxy.start({ upstream: faults.upstream, call, kind, onCall });
  const run = randomUUID();
  const labels = { [ownerLabel]: context.owner, [runLabel]: run };
  const { template: _, ...spec } = context.spec({ labels });
  const outcome = await runFaultScript({
    provider: faults.create(proxy.address),
    template: context.options.template ?? { base: { kind: "default" }, layers: [] },
    spec,
    signal: giveUp.signal,
    destroySignal: giveUpDestroy.signal,
  });
  const left = await context.list(labels);
  for (const { id } of left) context.own(id);
  judgeFault(kind, outcome, what);
  const error = outcome.failure?.error;
  const createMayHaveSucceeded = !outcome.created && SandboxError.isInstance(error) && error.mayHaveCreated;
  const mayBeLeft = createMayHaveSucceeded || outcome.destroyError !== undefined;
  if (!mayBeLeft) assert.deepEqual(left, [], `${what} left a sandbox and did not say so`);
  await Promise.all(left.map(({ id }) => context.provider.destroy(id)));
  assert.deepEqual(await context.list(labels), [], `${what} left what cannot be removed`);
  return proxy.hasHit;
}
