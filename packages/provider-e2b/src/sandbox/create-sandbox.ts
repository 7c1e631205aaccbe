import {
  type CallOptions,
  dropUndefined,
  SandboxError,
  type SandboxSpec,
  SandboxUnavailableError,
  TemplateError,
} from "@glovebox/core/provider";
import { type CreatedSandbox, keyDigest, mayHaveCreated } from "@glovebox/provider-kit";
import type { Sandbox } from "e2b";
import type { E2bApi } from "../api/e2b-api.ts";
import { mapE2bError } from "../api/e2b-errors.ts";
import { E2bSandbox } from "../e2b-sandbox.ts";
import { networkRules } from "../network/network-rules.ts";
import { startSupervisor } from "../supervisor/start-supervisor.ts";
import { readReference } from "../template/template-reference.ts";
import { createdAccess } from "./created-access.ts";
import { metadataOf } from "./metadata.ts";
import { requestSandbox, sandboxesOfKey } from "./request-sandbox.ts";
import type { SandboxAccess } from "./sandbox-access.ts";
import { sandboxInfo } from "./sandbox-info.ts";

/** `ProviderDefinition.create`. */
export async function createSandbox(api: E2bApi, spec: SandboxSpec, call: CallOptions): Promise<CreatedSandbox> {
  const startedAt = performance.now();
  const handle = await request(api, spec, call);
  try {
    const [first] = await sandboxesOfKey(api, keyDigest(spec.idempotencyKey), call);
    if (handle !== undefined) {
      const { sandboxId } = handle;
      if (first === undefined || first.sandboxId === sandboxId) {
        return { sandbox: new E2bSandbox(api, sandboxId, createdAccess(api, { handle, spec, startedAt })) };
      }
      await kill(api, handle);
    }
    if (first === undefined) throw unavailable("The sandbox of this key is being removed");
    return await existingSandbox(api, { id: first.sandboxId, spec, call });
  } catch (error) {
    const failure = mapE2bError(error, "creating the sandbox", call.signal);
    throw handle !== undefined && (await isKilled(api, handle)) ? failure : mayHaveCreated(failure);
  }
}

async function request(api: E2bApi, spec: SandboxSpec, { signal }: CallOptions): Promise<Sandbox | undefined> {
  const { name, kind } = readReference(spec.template.reference);
  // Setting up a third-party template needs the network.
  const rules = networkRules(kind === "third-party" ? { mode: "open", models: [] } : spec.egress);
  const options = {
    metadata: metadataOf(spec),
    timeoutMs: spec.ttlMs,
    secure: true,
    network: { ...rules, allowPublicTraffic: false },
    // Its files stay when the lease ends, and only `connect` wakes it.
    lifecycle: { onTimeout: "pause", autoResume: false },
  } as const;
  try {
    return await requestSandbox(api, dropUndefined({ template: name, options, signal }));
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== "not-found") throw error;
    throw new TemplateError(`The E2B template ${name} does not exist`, {
      providerId: "e2b",
      hint: "Build it again.",
      remedy: { do: "build-template" },
      cause: error,
    });
  }
}

interface ExistingOptions {
  readonly id: string;
  readonly spec: SandboxSpec;
  readonly call: CallOptions;
}

/** Connects to the sandbox that another call with the same key created. */
async function existingSandbox(api: E2bApi, { id, spec, call }: ExistingOptions): Promise<CreatedSandbox> {
  const { handle, facts } = await api.call("connecting to the sandbox", call, async ({ Sandbox }, options) => {
    const connected = await Sandbox.connect(id, { ...options, timeoutMs: spec.ttlMs });
    await Sandbox.updateNetwork(id, networkRules(spec.egress), options);
    return { handle: connected, facts: await Sandbox.getInfo(id, options) };
  });
  const open: SandboxAccess["open"] = async (options) => {
    const token = await startSupervisor(api, handle, { ttlMs: spec.ttlMs, ...options });
    if (token === undefined) throw unavailable("Another call is still setting up the sandbox of this key");
    return { handle, token };
  };
  return { sandbox: new E2bSandbox(api, id, { open, start: open }), existing: sandboxInfo(facts) };
}

async function kill(api: E2bApi, { sandboxId }: Sandbox): Promise<void> {
  await api.call("removing the sandbox", {}, ({ Sandbox }, options) => Sandbox.kill(sandboxId, options));
}

function isKilled(api: E2bApi, handle: Sandbox): Promise<boolean> {
  return kill(api, handle).then(
    () => true,
    () => false,
  );
}

function unavailable(message: string): SandboxUnavailableError {
  return new SandboxUnavailableError(message, { providerId: "e2b" });
}
