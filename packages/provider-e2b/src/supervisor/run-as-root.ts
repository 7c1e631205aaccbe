import type { Sandbox } from "e2b";
import type { E2bApi } from "../api/e2b-api.ts";

export interface RootScript {
  readonly operation: string;
  readonly script: string;
  readonly envs: Record<string, string>;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/** Runs a script in root's shell. A non-zero exit code is a result, not an error. */
export async function runAsRoot(
  api: E2bApi,
  handle: Sandbox,
  { operation, script, envs, signal, timeoutMs }: RootScript,
): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
  const options = { ...(signal && { signal }), ...(timeoutMs !== undefined && { timeoutMs }) };
  return api.callInside(operation, options, async (call) => {
    const process = await handle.commands.run(script, {
      ...call,
      // In the foreground, a non-zero exit code is an exception.
      background: true,
      user: "root",
      cwd: "/",
      envs,
      // `callInside` has the timeout: the SDK's minute is too short for installations.
      timeoutMs: 0,
    });
    try {
      const { exitCode, stdout, stderr } = await process.wait();
      return { exitCode, stdout, stderr };
    } catch (error) {
      const { exitCode, stdout, stderr } = error as { exitCode?: unknown; stdout?: unknown; stderr?: unknown };
      if (typeof exitCode !== "number") throw error;
      return { exitCode, stdout: String(stdout), stderr: String(stderr) };
    }
  });
}
