import { readOwner } from "@glovebox/core";
import type { CommandContext, PluginSettings } from "@glovebox/core/plugin";
import { stateDirectory } from "@glovebox/core/state";
import { safeLine } from "@glovebox/core/text";
import { changeUserConfig } from "../config/change-user-config.ts";
import { loadRunHarness } from "../config/plugins.ts";
import { loadUserConfig } from "../config/user-config.ts";
import { createConsent, createTrustQuestion } from "../consent.ts";
import { asTyped } from "../print/command-name.ts";
import { buildTemplate } from "../run/build-template.ts";
import { listenForInterrupts } from "../run/interrupts.ts";
import { StatusLine } from "../screen/status-line.ts";
import type { Terminal } from "../terminal.ts";
import { packagesDirectory, resolveFrom } from "./plugin-places.ts";
import { runNpm } from "./run-npm.ts";

/** Gives a plugin's command what it may use of this program. */
export function createCommandContext(terminal: Terminal): CommandContext {
  const { env, cwd, stdout, stderr } = terminal;
  const home = stateDirectory(env);
  const ownPackages = packagesDirectory(home);
  return {
    env,
    cwd,
    home,
    get owner() {
      return readOwner(home);
    },
    stdout,
    stderr,
    resolveFrom: resolveFrom(home),
    packagesDirectory: ownPackages,
    installPackage: (what) => runNpm(ownPackages, "install", what),
    createConsent: (options) => createConsent(terminal, options),
    askTrust: (question) => createTrustQuestion(terminal, {})(question),
    createProgress: () => {
      const status = new StatusLine(stderr);
      return {
        say: (message) => (stderr.isAnimated ? status.set(message) : stderr.line(safeLine(message))),
        stop: () => status.stop(),
      };
    },
    listenForInterrupts,
    asTyped: (text) => asTyped(text, env),
    settingsOf: (provider) => providerSettings(home, provider),
    buildTemplate: async (options) => await buildTemplate(options, terminal),
    loadHarness: async () => {
      const { config: user } = await loadUserConfig(home);
      return await loadRunHarness({ options: {}, user, home, directory: cwd });
    },
  };
}

function providerSettings(home: string, provider: string): PluginSettings {
  const read = async () => (await loadUserConfig(home)).config.providers?.[provider] ?? {};
  return {
    read,
    change: async (change) => await changeUserConfig(home, ["providers", provider], change(await read())),
  };
}
