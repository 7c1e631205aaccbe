import type { Harness } from "@glovebox/core/harness";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { geminiApiKey, geminiEndpoint } from "@glovebox/model-apis";
import { z } from "zod";
import { geminiCommand } from "./command/gemini-command.ts";
import { geminiPlaces } from "./command/gemini-places.ts";
import { geminiOutcome } from "./gemini-outcome.ts";
import { geminiSessions } from "./gemini-sessions.ts";
import { type GeminiSettings, geminiSettingsSchema } from "./gemini-settings.ts";
import { geminiVersion } from "./gemini-version.ts";
import { parseStream } from "./stream/parse-stream.ts";

/** Gemini CLI's headless mode. Does no I/O. Throws `invalid-options` for unknown settings. */
export function createGemini(settings: GeminiSettings = {}): Harness {
  const parsed = geminiSettingsSchema.safeParse(settings);
  if (!parsed.success) {
    throw new InvalidOptionsError(`Invalid settings of Gemini CLI: ${z.prettifyError(parsed.error)}`);
  }
  const binary = parsed.data.pathToBinary ?? "gemini";
  const version = parsed.data.version ?? geminiVersion;
  return {
    specificationVersion: 1,
    id: "gemini",
    endpoints: [geminiEndpoint],
    credentials: [geminiApiKey],
    credentialHint: "Google AI Studio creates a key.",
    unsupportedClouds: { GOOGLE_GENAI_USE_VERTEXAI: "Google Vertex AI" },
    sessions: geminiSessions,
    addedDirectories: true,
    template: () => ({
      id: "gemini",
      npmPackage: "@google/gemini-cli",
      npmVersion: version,
      check: { argv: [binary, "--version"], prints: version },
    }),
    command: (task) => geminiCommand(task, binary),
    parse: parseStream,
    outcome: geminiOutcome,
    interrupt: (process) => process.kill("SIGINT"),
    places: geminiPlaces,
  };
}
