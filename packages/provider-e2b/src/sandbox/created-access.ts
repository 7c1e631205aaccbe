import { dropUndefined, type SandboxSpec, TemplateError } from "@glovebox/core/provider";
import type { Sandbox } from "e2b";
import type { E2bApi } from "../api/e2b-api.ts";
import { networkRules } from "../network/network-rules.ts";
import { setUpSandbox } from "../supervisor/set-up-sandbox.ts";
import { startSupervisor } from "../supervisor/start-supervisor.ts";
import { readReference } from "../template/template-reference.ts";
import type { SandboxAccess, SandboxSession } from "./sandbox-access.ts";

export interface CreatedAccessOptions {
  readonly handle: Sandbox;
  readonly spec: SandboxSpec;
  /** When `create` began, by the clock of `performance`. */
  readonly startedAt: number;
}

/** The access to a new sandbox: sets it up if its template is not one of ours. */
export function createdAccess(api: E2bApi, options: CreatedAccessOptions): SandboxAccess {
  const start = (signal: AbortSignal | undefined) => startCreated(api, { ...options, signal });
  return { open: ({ signal }) => start(signal), start: ({ signal }) => start(signal) };
}

async function startCreated(
  api: E2bApi,
  { handle, spec, startedAt, signal }: CreatedAccessOptions & { readonly signal: AbortSignal | undefined },
): Promise<SandboxSession> {
  const call = dropUndefined({ signal });
  const { name, kind, packages } = readReference(spec.template.reference);
  const isThirdParty = kind === "third-party";
  const { ttlMs, rootInside, resources } = spec;
  const { digest } = spec.template;
  const start = (): Promise<string | undefined> =>
    startSupervisor(api, handle, {
      // The supervisor's lease is exact and ends first: E2B counts whole seconds.
      ttlMs: isThirdParty ? ttlMs : Math.max(1, ttlMs - (performance.now() - startedAt)),
      ...(kind === "snapshot" ? { fresh: true } : { setUp: digest }),
      rootInside,
      isClosed: spec.egress.mode === "none",
      openFiles: resources?.openFiles,
      ...call,
    });
  let token = await start();
  if (token === undefined && isThirdParty) {
    await whileLeased(api, { id: handle.sandboxId, ttlMs }, () =>
      setUpSandbox(api, handle, { packages, digest }, call),
    );
    token = await start();
  }
  if (token === undefined) {
    throw new TemplateError(`The E2B template ${name} has changed since it was prepared`, {
      providerId: "e2b",
      hint: "Build it again.",
      remedy: { do: "build-template" },
    });
  }
  if (isThirdParty) {
    await api.call("setting up the network", call, async ({ Sandbox }, requestOptions) => {
      await Sandbox.updateNetwork(handle.sandboxId, networkRules(spec.egress), requestOptions);
      await Sandbox.setTimeout(handle.sandboxId, ttlMs, requestOptions);
    });
  }
  return { handle, token };
}

/** Keeps extending the lease during a long operation, so that the sandbox ends soon if this process is killed. */
async function whileLeased<T>(
  api: E2bApi,
  { id, ttlMs }: { readonly id: string; readonly ttlMs: number },
  work: () => Promise<T>,
): Promise<T> {
  const extend = (): void => {
    const extending = api.call("extending the lease", {}, ({ Sandbox }, options) =>
      Sandbox.setTimeout(id, ttlMs, options),
    );
    // A failed extension is retried on the next tick; a lost sandbox surfaces in `work`.
    extending.catch(() => {});
  };
  const timer = setInterval(extend, Math.max(1000, ttlMs / 3));
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
