import { readOwner } from "@glovebox/core";
import { stateDirectory } from "@glovebox/core/state";
import { safeLine, safeName } from "@glovebox/core/text";
import { loadRunHarness } from "../config/plugins.ts";
import { loadUserConfig } from "../config/user-config.ts";
import { createConsent } from "../consent.ts";
import { baseOf } from "../plan/template-base.ts";
import { StatusLine } from "../screen/status-line.ts";
import type { Terminal } from "../terminal.ts";
import { openProvider, type ProviderOptions } from "./open-provider.ts";

export interface BuildTemplateOptions extends ProviderOptions {
  readonly harness?: string;
  readonly image?: string;
  readonly template?: string;
  readonly dockerfile?: string;
  readonly buildArg?: readonly string[];
  /** Builds it again although it exists. */
  readonly rebuild?: boolean;
}

/** `glovebox template build`: builds what a run with the same options starts from. Resolves to the exit code. */
export async function buildTemplate(options: BuildTemplateOptions, terminal: Terminal): Promise<number> {
  const { stdout, stderr, env, cwd } = terminal;
  const home = stateDirectory(env);
  const { config: user } = await loadUserConfig(home);
  const status = new StatusLine(stderr);
  const say = (message: string) => (stderr.isAnimated ? status.set(message) : stderr.line(safeLine(message)));
  const { yes, json } = options;
  const consent = createConsent(terminal, { yes, json, ciAgrees: true, beforeAsking: () => status.stop() });
  const { provider, setUp } = await openProvider(terminal, options);
  const harness = await loadRunHarness({ options, user, home, directory: cwd });
  try {
    await setUp({ consent, onProgress: say, signal: new AbortController().signal });
    let last = "";
    const template = await provider.prepare(
      { base: baseOf(options, user, cwd), layers: [harness.template()] },
      {
        rebuild: options.rebuild ?? false,
        owner: readOwner(home),
        onProgress: ({ message, output }) => {
          if (stderr.isAnimated) say(output === undefined ? message : `${message}: ${output}`);
          else if (message !== last) say(message);
          last = message;
        },
      },
    );
    status.stop();
    if (json) stdout.json(template);
    else stdout.line(`${safeName(template.reference)} ${template.reused ? "was there" : "was built"}`);
    if (template.notice !== undefined) stderr.line(safeLine(template.notice));
    return 0;
  } finally {
    status.stop();
  }
}
