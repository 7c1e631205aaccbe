import type { Writable } from "node:stream";
import { type Logger, pino } from "pino";

/** Lines of JSON. What could carry a key is left out, whoever logs it. */
export function createLogger(level: string, stream: Writable): Logger {
  const secret = ["authorization", "apiKey", "apiKeys", "token", "accessToken", "headers"];
  const paths = secret.flatMap((name) => [name, `*.${name}`]);
  return pino({ level, base: null, redact: { paths, remove: true } }, stream);
}
