import {
  type CallOptions,
  CapabilityUnsupportedError,
  type CreateOptions,
  SandboxError,
  type SandboxSpec,
  SandboxUnavailableError,
  TemplateError,
} from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import type { Sandbox as InsideSandbox } from "e2b";
import { checkSpec } from "./check-spec.ts";
import type { E2bApi } from "./e2b-api.ts";
import { mapE2bError } from "./e2b-errors.ts";
import { E2bSandbox } from "./e2b-sandbox.ts";
import { makeSandbox, mayHaveCreated, sandboxesOfKey } from "./make-sandbox.ts";
import { keyDigest, metadataOf } from "./metadata.ts";
import { modelUrls, type NetworkRules, networkRules } from "./network-rules.ts";
import { openSandboxDoor } from "./open-sandbox-door.ts";
import { setUpSandbox } from "./set-up-sandbox.ts";
import { startSupervisor } from "./start-supervisor.ts";
import { readReference, type TemplateReference } from "./template-reference.ts";

/** `SandboxProvider.create`. */
export async function createSandbox(
  api: E2bApi,
  spec: SandboxSpec,
  { signal }: CreateOptions = {},
): Promise<E2bSandbox> {
  checkSpec(spec);
  const reference = readReference(spec.template);
  const rules = networkRules(spec.egress);
  const call: CallOptions = signal === undefined ? {} : { signal };
  const startedAt = performance.now();
  const outcome = await make(api, spec, { reference, rules, call });
  const made = "made" in outcome ? outcome.made : undefined;
  const making: Making = { api, spec, reference, rules, call, startedAt };
  try {
    if (made === undefined) return await adopt(making);
    const [winner] = await sandboxesOfKey(api, keyDigest(spec.idempotencyKey), call);
    if (winner === undefined || winner.sandboxId === made.sandboxId) return await finish(making, made);
  } catch (error) {
    const mapped = mapE2bError(error, "creating the sandbox", signal);
    throw made === undefined ? mayHaveCreated(mapped) : await undo(api, made.sandboxId, mapped);
  }
  // An earlier call with this key has made one: that is the one, and this call's own goes.
  await api.call("removing a second sandbox", {}, ({ Sandbox }, options) => Sandbox.kill(made.sandboxId, options));
  return adopt(making);
}

interface Making {
  readonly api: E2bApi;
  readonly spec: SandboxSpec;
  readonly reference: TemplateReference;
  readonly rules: NetworkRules;
  readonly call: CallOptions;
  /** By the clock of `performance`. */
  readonly startedAt: number;
}

async function make(
  api: E2bApi,
  spec: SandboxSpec,
  { reference, rules, call }: Pick<Making, "reference" | "rules" | "call">,
): ReturnType<typeof makeSandbox> {
  const isForeign = reference.kind === "foreign";
  const network = isForeign ? networkRules({ mode: "open", models: [] }) : rules;
  const asked = {
    metadata: metadataOf(spec),
    timeoutMs: spec.ttlMs,
    secure: true,
    network: { ...network, allowPublicTraffic: false },
    // What it made stays when its lease ends; nothing but a call wakes it.
    lifecycle: { onTimeout: "pause", autoResume: false },
  } as const;
  try {
    return await makeSandbox(api, { template: reference.name, asked, ...call });
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== "not-found") throw error;
    throw new TemplateError(`E2B has no template ${reference.name}`, {
      providerId: "e2b",
      hint: "Prepare it again; `glovebox template build --provider e2b` makes one.",
      cause: error,
    });
  }
}

/** From a sandbox that was made to one that can be used. */
async function finish(making: Making, inside: InsideSandbox): Promise<E2bSandbox> {
  const { api, spec, reference, rules, call, startedAt } = making;
  const start = (): Promise<string | undefined> =>
    startSupervisor(api, inside, {
      // The supervisor's lease is the exact one, and ends first: E2B counts whole seconds.
      ttlMs: reference.kind === "foreign" ? spec.ttlMs : Math.max(1, spec.ttlMs - (performance.now() - startedAt)),
      ...(reference.kind === "snapshot" ? { fresh: true } : { setUp: spec.template.digest }),
      ...(spec.rootInside && { rootInside: true }),
      ...(spec.egress.mode === "none" && { isShut: true }),
      ...(spec.resources?.openFiles !== undefined && { openFiles: spec.resources.openFiles }),
      ...call,
    });
  let doorToken = await start();
  if (doorToken === undefined && reference.kind === "foreign") {
    const { digest } = spec.template;
    await whileLeased(making, inside.sandboxId, () =>
      setUpSandbox(api, inside, { packages: reference.packages, digest }, call),
    );
    doorToken = await start();
  }
  if (doorToken === undefined) {
    throw new TemplateError(`The E2B template ${reference.name} is not what it was when it was prepared`, {
      providerId: "e2b",
      hint: "`glovebox template build --provider e2b` makes it again.",
    });
  }
  if (reference.kind === "foreign") {
    await api.call("setting the network up", call, async ({ Sandbox }, options) => {
      await Sandbox.updateNetwork(inside.sandboxId, rules, options);
      await Sandbox.setTimeout(inside.sandboxId, spec.ttlMs, options);
    });
  }
  return use(making, inside, doorToken, async () => {});
}

/** Extends the lease for as long as a work takes that may take longer: it ends soon where this process dies. */
async function whileLeased<T>({ api, spec }: Making, id: string, work: () => Promise<T>): Promise<T> {
  const extend = (): void => {
    const extending = api.call("extending the lease", {}, ({ Sandbox }, options) =>
      Sandbox.setTimeout(id, spec.ttlMs, options),
    );
    // One that fails is made up for by the next, or told by what the work runs into.
    extending.catch(() => {});
  };
  const timer = setInterval(extend, Math.max(1000, spec.ttlMs / 3));
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** Takes the sandbox that another call with the same key has made. */
async function adopt(making: Making): Promise<E2bSandbox> {
  const { api, spec, rules, call } = making;
  const [winner] = await sandboxesOfKey(api, keyDigest(spec.idempotencyKey), call);
  if (winner === undefined) {
    throw new SandboxUnavailableError("The sandbox of this key is being removed", { providerId: "e2b" });
  }
  const { sandboxId } = winner;
  const inside = await api.call("connecting to the sandbox", call, async ({ Sandbox }, options) => {
    const connected = await Sandbox.connect(sandboxId, { ...options, timeoutMs: spec.ttlMs });
    await Sandbox.setTimeout(sandboxId, spec.ttlMs, options);
    await Sandbox.updateNetwork(sandboxId, rules, options);
    return connected;
  });
  const doorToken = await startSupervisor(api, inside, { ttlMs: spec.ttlMs, ...call });
  if (doorToken === undefined) {
    throw new SandboxUnavailableError("The sandbox of this key is still being set up by another call", {
      providerId: "e2b",
    });
  }
  return use(making, inside, doorToken, async (connection) => {
    await connection.extend(spec.ttlMs, call);
  });
}

async function use(
  { api, spec, call }: Making,
  inside: InsideSandbox,
  doorToken: string,
  ready: (connection: SupervisorConnection) => Promise<void>,
): Promise<E2bSandbox> {
  const connection = await openSandboxDoor(api, inside, doorToken, call);
  try {
    await connection.configure({ env: spec.env }, call);
    await ready(connection);
    await readBack(connection, spec, call);
    return new E2bSandbox({ api, inside, connection, doorToken, created: true, modelUrls: modelUrls(spec.egress) });
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** A limit that is not there must not be believed in. */
async function readBack(
  connection: SupervisorConnection,
  { resources }: SandboxSpec,
  call: CallOptions,
): Promise<void> {
  const asked = resources?.openFiles;
  if (asked === undefined) return;
  const { openFiles } = await connection.resources(call);
  if (openFiles === asked) return;
  throw new CapabilityUnsupportedError(`The limit openFiles was set to ${asked}, and the sandbox has ${openFiles}`, {
    providerId: "e2b",
  });
}

async function undo(api: E2bApi, id: string, error: SandboxError): Promise<SandboxError> {
  try {
    await api.call("removing the sandbox", {}, ({ Sandbox }, options) => Sandbox.kill(id, options));
    return error;
  } catch {
    // It is left, which the error says.
    return mayHaveCreated(error);
  }
}
