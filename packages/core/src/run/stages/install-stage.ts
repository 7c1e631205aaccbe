import { readBaseline } from "../../files/baseline/baseline.ts";
import { installFiles } from "../../files/install/install-files.ts";
import { checkPrograms } from "../checks/check-programs.ts";
import type { RunContext } from "../context/run-context.ts";
import type { RunSandbox } from "../sandbox/run-sandbox.ts";

/** Writes the components' files into the workspace. Whether they are loaded is verified when the harness starts. */
export async function installStage(run: RunContext, { handle }: RunSandbox): Promise<void> {
  const { runDirectory, reporter } = run;
  const { components } = run.spec;
  if (components === undefined) return;
  const signal = run.cancellation.stopping;
  reporter.enter("installing");
  const baseline = await readBaseline(runDirectory);
  await installFiles(handle, {
    files: components.files,
    runDirectory,
    hasHistory: baseline?.known !== undefined,
    signal,
  });
  const warnings = await checkPrograms(handle, components.programs ?? [], signal);
  for (const message of warnings) reporter.warn("program-missing", message);
  reporter.emit({
    type: "components.installed",
    // A planned component has many more fields than the event.
    components: components.origins.map(({ kind, name, source, revision, sha256 }) => ({
      kind,
      name,
      source,
      revision,
      sha256,
    })),
    files: components.files.map(({ path }) => path),
  });
}
