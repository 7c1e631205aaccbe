import type { Writable } from "node:stream";
import { escapeJson } from "@glovebox/core/text";
import { type Logger, pino } from "pino";

/** Lines of JSON in which nothing is hidden. What could carry a key is left out, whoever logs it. */
export function createLogger(level: string, stream: Writable): Logger {
  const secret = ["authorization", "apiKey", "apiKeys", "token", "accessToken", "headers"];
  const paths = secret.flatMap((name) => [name, `*.${name}`]);
  return pino(
    { level, base: null, redact: { paths, remove: true } },
    { write: (line) => stream.write(escapeJson(line)) },
  );
}
