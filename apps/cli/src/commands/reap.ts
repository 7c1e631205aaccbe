import { stateDirectory } from "@glovebox/core/state";
import { safeLine, safeName } from "@glovebox/core/text";
import { Command } from "commander";
import { builtIn } from "../built-in.ts";
import type { Cli } from "../cli.ts";
import type { ProviderOptions } from "../run/open-provider.ts";

/** `glovebox reap`. */
export function reapCommand(cli: Cli): Command {
  return new Command("reap")
    .summary("recover files from orphaned sandboxes and remove them")
    .description(
      "Collect the files of sandboxes whose process died, then remove the sandboxes. Never touches sandboxes of another " +
        "owner, of a live process, or whose lease may still be active. Every run does the same when it starts.",
    )
    .argument("[run]", "only this run, without waiting for its lease to end")
    .option("--provider <name>", `the sandbox provider (default: the run's own, or ${builtIn.provider})`)
    .option("--json", "print the report as one object")
    .action(
      cli.act(async (reference: string | undefined, options: ProviderOptions) => {
        const { createRunStore, reap } = await import("@glovebox/core");
        const { openProvider } = await import("../run/open-provider.ts");
        const { env, stdout, stderr } = cli.terminal;
        const home = stateDirectory(env);
        const store = createRunStore(home);
        const run = reference === undefined ? undefined : await store.get(reference);
        const provider = options.provider ?? run?.providerId;
        const loaded = await openProvider(cli.terminal, { ...options, ...(provider && { provider }) });
        await loaded.requireSetUp();
        const report = await reap({ home, provider: loaded.provider, ...(run && { runId: run.runId }) });
        const left = run === undefined ? await store.list() : [];
        const elsewhere = left.filter(
          ({ isLeftBehind, isAlive, providerId }) => isLeftBehind && !isAlive && providerId !== loaded.provider.id,
        );
        if (options.json) stdout.json(report);
        else {
          for (const { runId, directory } of report.collected)
            stdout.line(`${safeName(runId)} collected into ${safeName(directory)}`);
          for (const sandboxId of report.removed) stdout.line(`${safeName(sandboxId)} removed`);
          const nothing = report.removed.length + report.left.length + elsewhere.length === 0;
          if (nothing) stderr.line("Nothing was left behind.");
        }
        for (const { runId, providerId } of elsewhere) {
          stderr.line(`${runId} ran on ${safeLine(providerId)}, not on ${loaded.provider.id}: pass --provider`);
        }
        for (const { sandboxId, reason } of report.left)
          stderr.line(`${safeName(sandboxId)} left alone: ${safeLine(reason)}`);
        // Skipping a sandbox that may not be touched yet is success, unless it was named.
        return report.left.some(({ failed }) => failed || reference !== undefined) ? 5 : 0;
      }),
    );
}
