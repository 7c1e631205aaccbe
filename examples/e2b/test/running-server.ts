import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const commandLine = fileURLToPath(new URL("../../../apps/cli/src/main.ts", import.meta.url));

/** `glovebox serve` as a user starts it, and the variables that it tells that user to set. */
export interface RunningServer extends AsyncDisposable {
  readonly byAddress: Readonly<Record<string, string>>;
  readonly byDomain: Readonly<Record<string, string>>;
}

export async function startServer(): Promise<RunningServer> {
  const directory = mkdtempSync(join(tmpdir(), "glovebox-e2b-examples-"));
  const ports = ["--port", "0", "--tls-self-signed", "--tls-port", "0"];
  const serve = ["serve", ...ports, "--state-dir", directory, "--end-sandboxes"];
  const server = spawn(process.execPath, ["--conditions=@glovebox/source", commandLine, ...serve]);
  const ended = once(server, "close");
  let output = "";
  const printed = (name: string): string => new RegExp(`\\b${name}=(\\S+)`).exec(output)?.[1] ?? "";
  await new Promise<void>((resolve) => {
    for (const stream of [server.stdout, server.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        // The last that it tells; its line is whole.
        if (/NODE_EXTRA_CA_CERTS=\S+\n/.test(output)) resolve();
      });
    }
    server.once("close", () => resolve());
  });
  const stop = async (): Promise<void> => {
    server.kill("SIGTERM");
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  if (server.exitCode !== null) {
    await stop();
    throw new Error(`The server did not start:\n${output}`);
  }
  const key = { E2B_API_KEY: readFileSync(join(directory, "api-key"), "utf8").trim() };
  return {
    byAddress: { ...key, E2B_API_URL: printed("E2B_API_URL"), E2B_SANDBOX_URL: printed("E2B_SANDBOX_URL") },
    byDomain: { ...key, E2B_DOMAIN: printed("E2B_DOMAIN"), NODE_EXTRA_CA_CERTS: printed("NODE_EXTRA_CA_CERTS") },
    [Symbol.asyncDispose]: stop,
  };
}
