import { join } from "node:path";
import { readOwner } from "@glovebox/core";
import { makeHostDirectory, readHostText } from "@glovebox/core/host-files";
import type { CommandContext, PluginSettings } from "@glovebox/core/plugin";
import { replaceFile, stateDirectory } from "@glovebox/core/state";
import { safeLine } from "@glovebox/core/text";
import { loadRunHarness } from "../config/plugins.ts";
import { loadUserConfig, parseJson } from "../config/user-config.ts";
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
  const path = join(home, "config.json");
  const read = async () => (await loadUserConfig(home)).config.providers?.[provider] ?? {};
  return {
    read,
    async change(change) {
      const settings = change(await read());
      const config = parseJson((await readHostText(path)) ?? "{}", path) as { readonly providers?: object };
      const text = JSON.stringify(
        { ...config, providers: { ...config.providers, [provider]: settings } },
        undefined,
        2,
      );
      await makeHostDirectory(home, 0o700);
      await replaceFile(path, `${text}\n`);
      return path;
    },
  };
}
