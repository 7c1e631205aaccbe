import { SandboxError } from "../../errors/index.ts";
import { readBaseline } from "../../files/baseline.ts";
import { installFiles } from "../../files/install-files.ts";
import type { Execution } from "../execution.ts";

/** Puts the components' files into the workspace. What they come to is proven when the harness starts. */
export async function installStage(execution: Execution): Promise<void> {
  const { spec, sandbox, options, stopSwitch } = execution;
  const { components } = spec;
  if (components === undefined) return;
  if (sandbox === undefined) throw new SandboxError("internal", "There is no sandbox to install components in");
  execution.enter("installing");
  const baseline = await readBaseline(options.runDir);
  await installFiles(sandbox, {
    files: components.files,
    runDir: options.runDir,
    hasHistory: baseline?.head !== undefined,
    signal: stopSwitch.stopping,
  });
  execution.emit({
    type: "components.installed",
    // A plan's component says much more than the journal has a word for.
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
