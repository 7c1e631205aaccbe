import { mkdirSync, rmSync } from "node:fs";
import {
  CapabilityUnsupportedError,
  type CreateOptions,
  type Resources,
  SandboxError,
  type SandboxSpec,
  SandboxUnavailableError,
  sandboxUser,
  TemplateError,
} from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import { BubblewrapSandbox } from "./bubblewrap-sandbox.ts";
import type { ResolvedSettings } from "./bubblewrap-settings.ts";
import { helperDir, runHelper } from "./bwrap/run-helper.ts";
import { checkSpec } from "./check-spec.ts";
import { openEgress } from "./egress/open-egress.ts";
import { mapFailure, throwIfAborted } from "./map-failure.ts";
import { reachSupervisor } from "./reach-supervisor.ts";
import { removeSandbox } from "./remove-sandbox.ts";
import { startSandbox } from "./start-sandbox.ts";
import { SandboxFolder, type SandboxRecord } from "./state/sandbox-folder.ts";
import { StateStore } from "./state/state-store.ts";
import { isTemplate } from "./template/is-template.ts";

/** `SandboxProvider.create`. */
export async function createSandbox(
  settings: ResolvedSettings,
  spec: SandboxSpec,
  { signal, egressObserver }: CreateOptions = {},
): Promise<BubblewrapSandbox> {
  const doing = "creating the sandbox";
  checkSpec(spec);
  checkTemplate(spec);
  throwIfAborted(signal, doing);
  const store = new StateStore(settings.stateDir);
  const id = store.idOf(spec.idempotencyKey);
  const folder = store.folder(id);
  const egress = openEgress(spec.egress, egressObserver, spec.env);
  let isNew = false;
  let connection: SupervisorConnection | undefined;
  try {
    isNew = await makeFolder(settings, store, folder, spec);
    throwIfAborted(signal, doing);
    if (folder.runningProcess() === undefined) await startSandbox(settings, folder, recordOf(folder), spec.ttlMs);
    connection = await reachSupervisor(folder, signal);
    const call = signal === undefined ? {} : { signal };
    await connection.configure({ env: spec.env, ...(await egress.configuration()) }, call);
    if (!isNew) await connection.extend(spec.ttlMs, call);
    await readBack(connection, spec.resources ?? {}, call);
    return new BubblewrapSandbox({ settings, id, folder, connection, created: true, egress });
  } catch (error) {
    await Promise.all([connection?.close(), egress.close()]);
    throw await undo(settings, folder, isNew, mapFailure(error, doing));
  }
}

function checkTemplate({ template }: SandboxSpec): void {
  if (template.providerId !== "bubblewrap" || !isTemplate(template.reference)) {
    throw new TemplateError("The template is not there, or another provider's", {
      providerId: "bubblewrap",
      hint: "Prepare it again.",
    });
  }
}

/** False when an earlier call with the same key has made it. */
async function makeFolder(
  settings: ResolvedSettings,
  store: StateStore,
  folder: SandboxFolder,
  spec: SandboxSpec,
): Promise<boolean> {
  if (folder.readRecord() !== undefined) return false;
  const staged = new SandboxFolder(store.stage(store.sandboxes));
  try {
    mkdirSync(staged.run, { mode: 0o700 });
    staged.writeRecord({
      v: 1,
      labels: { ...spec.labels },
      createdAt: new Date().toISOString(),
      ttlMs: spec.ttlMs,
      templateDigest: spec.template.digest,
      template: spec.template.reference,
      resources: { ...spec.resources },
    });
    await runHelper({ settings, folder: staged.path, command: ["/bin/sh", "-ec", makeAgentsFolders] });
    if (store.publish(staged.path, folder.path)) return true;
  } catch (error) {
    await discard(settings, staged);
    throw error;
  }
  await discard(settings, staged);
  if (folder.readRecord() !== undefined) return false;
  throw new SandboxUnavailableError("The sandbox of this key is being removed", { providerId: "bubblewrap" });
}

const makeAgentsFolders = `
umask 022
mkdir workspace home home/.local home/.npm-global
echo prefix=${sandboxUser.home}/.npm-global > home/.npmrc
chown -R ${sandboxUser.uid}:${sandboxUser.gid} workspace home`;

async function discard(settings: ResolvedSettings, staged: SandboxFolder): Promise<void> {
  const command = ["/bin/rm", "-rf", `${helperDir}/workspace`, `${helperDir}/home`];
  await runHelper({ settings, folder: staged.path, command }).catch(() => {});
  rmSync(staged.path, { recursive: true, force: true });
}

function recordOf(folder: SandboxFolder): SandboxRecord {
  const record = folder.readRecord();
  if (record !== undefined) return record;
  throw new SandboxUnavailableError("The sandbox was removed as it was made", { providerId: "bubblewrap" });
}

/** A limit that is not there must not be believed in. */
async function readBack(
  connection: SupervisorConnection,
  asked: Resources,
  call: { readonly signal?: AbortSignal },
): Promise<void> {
  const found = await connection.resources(call);
  for (const [name, value] of Object.entries(asked) as [keyof Resources, number | undefined][]) {
    if (value === undefined || found[name] === value) continue;
    throw new CapabilityUnsupportedError(`The limit ${name} was set to ${value}, and the sandbox has ${found[name]}`, {
      providerId: "bubblewrap",
    });
  }
}

/** Removes what a failed create has made. What an earlier one made may hold work, so it stays and the error says so. */
async function undo(
  settings: ResolvedSettings,
  folder: SandboxFolder,
  isNew: boolean,
  error: SandboxError,
): Promise<SandboxError> {
  let left = !isNew && folder.wasStarted();
  if (isNew) {
    await removeSandbox(settings, folder).catch(() => {
      left = true;
    });
  }
  if (!left) return error;
  return new SandboxError(error.code, error.message, {
    providerId: "bubblewrap",
    retryable: error.retryable,
    mayHaveCreated: true,
    hint: `The sandbox in ${folder.path} is left; \`glovebox reap\` finishes it.`,
    cause: error,
  });
}
