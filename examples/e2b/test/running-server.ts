import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const commandLine = fileURLToPath(new URL("../../../apps/cli/src/main.ts", import.meta.url));

/** `glovebox serve` as a person starts it, and the variables that it tells that person to set. */
export interface RunningServer extends AsyncDisposable {
  readonly byAddress: Readonly<Record<string, string>>;
  readonly byDomain: Readonly<Record<string, string>>;
}

export async function startServer(): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), "glovebox-e2b-examples-"));
  const ports = ["--port", "0", "--tls-self-signed", "--tls-port", "0"];
  const serve = ["serve", ...ports, "--state-dir", folder, "--end-sandboxes"];
  const server = spawn(process.execPath, ["--conditions=@glovebox/source", commandLine, ...serve]);
  const ended = once(server, "close");
  let said = "";
  const told = (name: string): string => new RegExp(`\\b${name}=(\\S+)`).exec(said)?.[1] ?? "";
  await new Promise<void>((resolve) => {
    for (const output of [server.stdout, server.stderr]) {
      output.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        // The last that it tells; its line is whole.
        if (/NODE_EXTRA_CA_CERTS=\S+\n/.test(said)) resolve();
      });
    }
    server.once("close", () => resolve());
  });
  const stop = async (): Promise<void> => {
    server.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  if (server.exitCode !== null) {
    await stop();
    throw new Error(`The server did not start:\n${said}`);
  }
  const key = { E2B_API_KEY: readFileSync(join(folder, "api-key"), "utf8").trim() };
  return {
    byAddress: { ...key, E2B_API_URL: told("E2B_API_URL"), E2B_SANDBOX_URL: told("E2B_SANDBOX_URL") },
    byDomain: { ...key, E2B_DOMAIN: told("E2B_DOMAIN"), NODE_EXTRA_CA_CERTS: told("NODE_EXTRA_CA_CERTS") },
    [Symbol.asyncDispose]: stop,
  };
}
