import { SandboxError } from "../../errors/index.ts";
import { collectWorkspace } from "../../files/collect-workspace.ts";
import { defaultIgnores } from "../../files/default-ignores.ts";
import { asSandboxError, type Execution } from "../execution.ts";

const quiesceTimeoutMs = 60_000;
const collectTimeoutMs = 60 * 60_000;

/** Ends everything in the sandbox and brings its files back. Has a signal of its own: a cancelled run is collected too. */
export async function collectStage(execution: Execution): Promise<void> {
  const { spec, stopSwitch, options } = execution;
  execution.enter("collecting");
  const signal = AbortSignal.any([stopSwitch.aborted, AbortSignal.timeout(collectTimeoutMs)]);
  try {
    await quiesce(execution, signal);
    const sandbox = execution.sandbox;
    if (sandbox === undefined) throw new SandboxError("internal", "There is no sandbox to collect from");
    await warnOfOutOfMemory(execution);
    const { files, error } = await collectWorkspace(sandbox, {
      outputDir: spec.outputDir,
      runDir: options.runDir,
      ...(spec.workspace === undefined ? {} : { workspace: spec.workspace }),
      ignore: spec.ignore ?? defaultIgnores,
      ...(spec.limits === undefined ? {} : { limits: spec.limits }),
      signal,
      onProgress: (message, done, total) =>
        execution.progress(message, {
          ...(done === undefined ? {} : { done }),
          ...(total === undefined ? {} : { total }),
        }),
      onWarning: (code, message) => execution.warn(code, message),
    });
    execution.files = files;
    execution.collectError = error;
    publish(execution);
  } catch (error) {
    execution.collectError = asSandboxError(error);
  }
  if (execution.collectError !== undefined) {
    execution.warn("collect", `Not everything was brought back: ${execution.collectError.message}`);
  }
}

async function quiesce(execution: Execution, signal: AbortSignal): Promise<void> {
  const limited = () => AbortSignal.any([signal, AbortSignal.timeout(quiesceTimeoutMs)]);
  try {
    await execution.sandbox?.quiesce({ signal: limited() });
  } catch (error) {
    if (!SandboxError.isInstance(error) || (error.code !== "lost" && error.code !== "unavailable")) throw error;
    const sandbox = await execution.reconnect(limited());
    await sandbox.quiesce({ signal: limited() });
  }
}

async function warnOfOutOfMemory(execution: Execution): Promise<void> {
  const { sandbox, spec } = execution;
  if (sandbox === undefined || !spec.provider.capabilities.stats) return;
  try {
    const { oomKills } = await sandbox.stats({ signal: AbortSignal.timeout(10_000) });
    if (oomKills > 0) {
      execution.warn(
        "out-of-memory",
        `The memory limit was reached: ${oomKills} ${oomKills === 1 ? "process was" : "processes were"} ended. More with --memory`,
      );
    }
  } catch {
    // Figures to warn with; collecting does not depend on them.
  }
}

function publish(execution: Execution): void {
  const files = execution.files;
  if (files === undefined) return;
  const count = (change: string) =>
    files.manifest.filter((entry) => entry.change === change && entry.kind !== "directory").length;
  execution.emit({
    type: "files.collected",
    count: count("created") + count("changed") + count("unchanged"),
    bytes: files.bytes,
    created: count("created"),
    changed: count("changed"),
    deleted: count("deleted"),
    skipped: files.skipped.length,
    directory: files.directory,
  });
}
