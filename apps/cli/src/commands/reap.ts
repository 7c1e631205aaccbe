import { Command } from "commander";
import type { Cli } from "../cli.ts";
import { homeFolder } from "../config/home-folder.ts";
import { safeName, safeText } from "../print/safe-text.ts";
import type { ProviderOptions } from "../run/open-provider.ts";

/** `glovebox reap`. */
export function reapCommand(cli: Cli): Command {
  return new Command("reap")
    .summary("finish what dead processes left")
    .description(
      "Brings back the files of sandboxes whose process died, then removes them. Touches nothing of another owner, nothing " +
        "that a living process holds, and nothing whose lease has not surely ended. Every run does the same when it starts.",
    )
    .argument("[run]", "only this one, and without waiting for its lease to end")
    .option("--provider <name>", "where the sandboxes are (default: docker, or the run's own)")
    .option("--json", "the report as one object")
    .action(
      cli.act(async (reference: string | undefined, options: ProviderOptions) => {
        const { createRunStore, reap } = await import("@glovebox/core");
        const { requireEngine } = await import("../run/docker-engine.ts");
        const { openProvider } = await import("../run/open-provider.ts");
        const { env, stdout, stderr } = cli.terminal;
        const home = homeFolder(env);
        const store = createRunStore(home);
        const run = reference === undefined ? undefined : await store.get(reference);
        const provider = options.provider ?? run?.providerId;
        const loaded = await openProvider(cli.terminal, { ...options, ...(provider && { provider }) });
        await requireEngine(loaded);
        const report = await reap({ home, provider: loaded.provider, ...(run && { runId: run.runId }) });
        const left = run === undefined ? await store.list() : [];
        const elsewhere = left.filter(
          ({ isLeftBehind, isAlive, providerId }) => isLeftBehind && !isAlive && providerId !== loaded.provider.id,
        );
        if (options.json) stdout.line(JSON.stringify(report));
        else {
          for (const { runId, directory } of report.collected)
            stdout.line(`${runId} collected into ${safeName(directory)}`);
          for (const sandboxId of report.removed) stdout.line(`${sandboxId} removed`);
          const nothing = report.removed.length + report.left.length + elsewhere.length === 0;
          if (nothing) stderr.line("Nothing was left behind.");
        }
        for (const { runId, providerId } of elsewhere) {
          stderr.line(
            `${runId} was not run on ${loaded.provider.id} but on ${safeText(providerId)}: name it with --provider`,
          );
        }
        for (const { sandboxId, reason } of report.left) stderr.line(`${sandboxId} left alone: ${safeText(reason)}`);
        // Leaving alone what may not be touched yet is the work done, unless it was asked for by name.
        return report.left.some(({ failed }) => failed || reference !== undefined) ? 5 : 0;
      }),
    );
}
