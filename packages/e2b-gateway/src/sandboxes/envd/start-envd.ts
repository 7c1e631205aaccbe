import { exec } from "@glovebox/core/exec";
import { type Sandbox, SandboxLostError, type SandboxProcess, TemplateError } from "@glovebox/core/provider";
import type { EnvdProgram } from "../../envd-file.ts";
import { envdPort } from "../../envd-version.ts";

/** Found again by it in a sandbox that runs. */
export const envdTag = "e2b-envd";

/** The Node of every template. */
const node = "/opt/glovebox/bin/node";

const readyTimeoutMs = 30_000;
const maxComplaint = 4096;

/** The configuration that envd reads from its standard input, in one line. */
export interface EnvdConfiguration {
  readonly sandboxId: string;
  readonly accessToken: string | undefined;
  readonly defaultUser: string;
  readonly defaultWorkdir: string | undefined;
  readonly envVars: Readonly<Record<string, string>>;
}

/** Starts envd as root, and resolves once it listens. A template without it, or with another one, gets it first. */
export async function startEnvd(
  sandbox: Sandbox,
  program: EnvdProgram,
  configuration: EnvdConfiguration,
): Promise<SandboxProcess> {
  const first = await attempt(sandbox, program, configuration);
  if (!("complaint" in first)) return first;
  if (!first.complaint.includes("MODULE_NOT_FOUND")) throw refused(first.complaint);
  await deliver(sandbox, program);
  const second = await attempt(sandbox, program, configuration);
  if ("complaint" in second) throw refused(second.complaint);
  return second;
}

async function attempt(
  sandbox: Sandbox,
  { path }: EnvdProgram,
  configuration: EnvdConfiguration,
): Promise<SandboxProcess | { readonly complaint: string }> {
  const line = `${JSON.stringify({ port: envdPort, ...configuration })}\n`;
  const envd = await sandbox.spawn(["sudo", "-n", "--", node, path], {
    cwd: "/",
    stdin: Buffer.from(line),
    tag: envdTag,
    // It keeps running when the gateway closes its connection, and never waits for a reader.
    output: "detached",
  });
  const timeout = AbortSignal.timeout(readyTimeoutMs);
  timeout.addEventListener("abort", () => void envd.kill().catch(() => {}), { once: true });
  const said = { stdout: "", stderr: "" };
  for await (const chunk of envd.output) {
    if (!("stream" in chunk)) continue;
    said[chunk.stream] = (said[chunk.stream] + Buffer.from(chunk.bytes).toString("latin1")).slice(0, maxComplaint);
    if (said.stdout.includes("ready\n")) return envd;
  }
  const { exitCode, reason } = await envd.exit;
  if (reason === "lost") throw new SandboxLostError("The sandbox was lost as envd started");
  if (timeout.aborted) return { complaint: `it did not listen within ${readyTimeoutMs / 1000} seconds` };
  return { complaint: said.stderr.trim() || `it ended with exit code ${exitCode}` };
}

/** By a shell of root's: the sandbox's own user may not write there. */
async function deliver(sandbox: Sandbox, { text, path }: EnvdProgram): Promise<void> {
  const script = 'mkdir -p "$(dirname "$1")" && cat > "$1.partial" && mv "$1.partial" "$1"';
  const { exitCode, reason, stdout, stderr } = await exec(
    sandbox,
    ["sudo", "-n", "--", "/bin/sh", "-c", script, "sh", path],
    { cwd: "/", input: text, timeoutMs: readyTimeoutMs, maxBytes: maxComplaint },
  );
  if (exitCode !== 0) throw refused(`it cannot be put there (${reason}): ${`${stdout}${stderr}`.trim()}`);
}

function refused(complaint: string): TemplateError {
  return new TemplateError(`Envd does not start in the sandbox: ${complaint.slice(0, maxComplaint)}`, {
    hint: "The template needs sudo, and a user of uid 1000 who may use it without a password.",
  });
}
