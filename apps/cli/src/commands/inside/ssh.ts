import { Command } from "commander";
import type { Cli } from "../../cli.ts";
import { type EntryOptions, withEntryOptions } from "../../inside/entry-options.ts";

interface SshOptions extends EntryOptions {
  readonly proxy?: boolean;
  readonly config?: boolean;
}

const examples = `
Examples:
  glovebox ssh 1
  glovebox ssh 1 -- ls -la
  glovebox ssh --config >> ~/.ssh/config    # then: ssh glovebox-1, scp, sftp, rsync, editors
`;

/** `glovebox ssh`. */
export function sshCommand(cli: Cli): Command {
  const command = new Command("ssh")
    .summary("reach the sandbox of a run with ssh, scp, rsync and editors")
    .description(
      "Open the sandbox of a run that is running, or that was started with --keep, with this machine's own ssh. Nothing listens " +
        "for it: ssh starts a proxy that serves it over standard input and output, so the sandbox needs no SSH server.",
    )
    .usage("[options] [run] [-- <command> [args...]]");
  return withEntryOptions(command)
    .option("--config", "print a block for ~/.ssh/config: of the run, or without one of glovebox-RUN for every run")
    .option("--proxy", "serve ssh over standard input and output, for its ProxyCommand")
    .addHelpText("after", examples)
    .action(
      cli.act(async (reference: string | undefined, { config, proxy, provider: name }: SshOptions) => {
        const { stateDirectory } = await import("@glovebox/core/state");
        const { enterSandbox, findSandbox } = await import("../../inside/enter-sandbox.ts");
        const { runOfHost, sshConfig, sshHostPrefix } = await import("../../inside/ssh/ssh-config.ts");
        const { terminal } = cli;
        const home = stateDirectory(terminal.env);
        if (proxy) {
          const { proxySsh } = await import("../../inside/ssh/proxy-ssh.ts");
          const { untilInterrupted } = await import("../../inside/until-interrupted.ts");
          const run = reference === undefined ? undefined : runOfHost(reference);
          return await untilInterrupted((signal) =>
            enterSandbox({ reference: run, provider: name, terminal, signal }, ({ sandbox }) =>
              proxySsh(sandbox, { home, terminal, signal }),
            ),
          );
        }
        const { readHostKey } = await import("../../inside/ssh/host-key.ts");
        const { runName } = await import("../../runs/run-name.ts");
        if (config && reference === undefined) {
          const { knownHostsFile } = readHostKey(home);
          const host = `${sshHostPrefix}*`;
          const block = sshConfig({ host, reference: "%h", knownHostsFile, provider: name, env: terminal.env });
          terminal.stdout.write(block);
          return 0;
        }
        const { run } = await findSandbox({ reference, provider: name, terminal });
        const shortName = runName(run.runDirectory);
        if (config) {
          const { knownHostsFile } = readHostKey(home);
          const host = `${sshHostPrefix}${shortName}`;
          const block = sshConfig({ host, reference: run.runId, knownHostsFile, provider: name, env: terminal.env });
          terminal.stdout.write(block);
          return 0;
        }
        const { runSsh } = await import("../../inside/ssh/run-ssh.ts");
        const args = cli.passedThrough;
        return await runSsh({ name: shortName, runId: run.runId, provider: name, home, args, terminal });
      }),
    );
}
