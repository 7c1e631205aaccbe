import type { Harness } from "@glovebox/core/harness";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { z } from "zod";
import { modelProviders } from "./command/model-provider.ts";
import { openCodeCommand } from "./command/opencode-command.ts";
import { databaseDirectory } from "./command/opencode-files.ts";
import { openCodePlaces } from "./command/opencode-places.ts";
import { openCodeOutcome } from "./opencode-outcome.ts";
import { type OpenCodeSettings, openCodeSettingsSchema } from "./opencode-settings.ts";
import { openCodeVersion } from "./opencode-version.ts";
import { parseStream } from "./stream/parse-stream.ts";

/** OpenCode's headless mode. Does no I/O. Throws `invalid-options` for unknown settings. */
export function createOpenCode(settings: OpenCodeSettings = {}): Harness {
  const parsed = openCodeSettingsSchema.safeParse(settings);
  if (!parsed.success) throw new InvalidOptionsError(`Invalid settings of OpenCode: ${z.prettifyError(parsed.error)}`);
  const binary = parsed.data.pathToBinary ?? "opencode";
  const version = parsed.data.version ?? openCodeVersion;
  const providers = modelProviders(parsed.data.openaiApi ?? "responses");
  return {
    specificationVersion: 1,
    id: "opencode",
    endpoints: providers.map(({ endpoint }) => endpoint),
    credentials: providers.map(({ credential }) => credential),
    credentialHint: "OpenCode uses the key of Anthropic or of OpenAI.",
    sessions: { directory: databaseDirectory },
    addedDirectories: true,
    template: () => ({
      id: "opencode",
      npmPackage: "opencode-ai",
      npmVersion: version,
      check: { argv: [binary, "--version"], prints: version },
    }),
    command: (task) => openCodeCommand(task, { binary, version, providers }),
    parse: (lines) => parseStream(lines),
    outcome: openCodeOutcome,
    interrupt: (process) => process.kill("SIGINT"),
    places: openCodePlaces,
  };
}
