import type { Harness } from "@glovebox/core/harness";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { z } from "zod";
import { chatgptEndpoint, codexCredentials, codexEndpoint, codexLogins } from "./codex-model.ts";
import { codexOutcome } from "./codex-outcome.ts";
import { codexPlaces } from "./codex-places.ts";
import { codexSessions } from "./codex-sessions.ts";
import { type CodexSettings, codexSettingsSchema } from "./codex-settings.ts";
import { codexVersion } from "./codex-version.ts";
import { codexCommand } from "./command/codex-command.ts";
import { parseStream } from "./stream/parse-stream.ts";

/** Codex in its non-interactive mode. Does no I/O. Settings that are not known are `invalid-options`. */
export function createCodex(settings: CodexSettings = {}): Harness {
  const parsed = codexSettingsSchema.safeParse(settings);
  if (!parsed.success) {
    throw new InvalidOptionsError(`The settings of Codex cannot be used: ${z.prettifyError(parsed.error)}`);
  }
  const { pathToBinary: binary = "codex", version = codexVersion } = parsed.data;
  return {
    specificationVersion: 1,
    id: "codex",
    endpoints: [codexEndpoint, chatgptEndpoint],
    credentials: codexCredentials,
    logins: codexLogins,
    credentialHint: "Create a key at https://platform.openai.com/api-keys.",
    sessions: codexSessions,
    structuredOutput: true,
    addedDirectories: true,
    template: () => ({
      id: "codex",
      npmPackage: "@openai/codex",
      npmVersion: version,
      check: { argv: [binary, "--version"], prints: version },
    }),
    command: (task) => codexCommand(task, binary),
    parse: parseStream,
    outcome: codexOutcome,
    // Tried: on SIGINT it ends its commands and then itself within a second, with exit code 1 and without a last event.
    interrupt: (process) => process.kill("SIGINT"),
    places: codexPlaces,
  };
}
