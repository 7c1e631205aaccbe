import { setTimeout as delay } from "node:timers/promises";
import { SandboxUnavailableError, TemplateError } from "@glovebox/core/provider";
import type { GatewaySandbox } from "../gateway-sandbox.ts";
import { EnvdClient } from "./envd-client.ts";

const readyTimeoutMs = 120_000;
const betweenTriesMs = 200;

export interface StartCommands {
  readonly startCmd?: string | undefined;
  readonly readyCmd?: string | undefined;
}

/**
 * Starts what a template starts in its sandboxes, and waits until it says that it is ready. E2B does so once, when it builds
 * the template, and keeps the memory; here nothing of a template runs before a sandbox does.
 */
export async function runStartCommand(sandbox: GatewaySandbox, { startCmd, readyCmd }: StartCommands): Promise<void> {
  if (!startCmd && !readyCmd) return;
  const link = await sandbox.link();
  if (link === undefined) throw new SandboxUnavailableError("The sandbox has stopped as it started");
  const envd = new EnvdClient(link, sandbox.envdToken);
  const timeout = AbortSignal.timeout(readyTimeoutMs);
  try {
    if (startCmd) await envd.start(startCmd, timeout);
    while (readyCmd && (await envd.run(readyCmd, timeout)) !== 0)
      await delay(betweenTriesMs, undefined, { signal: timeout });
  } catch (error) {
    if (!timeout.aborted) throw error;
    throw new TemplateError(
      `The template was not ready within ${readyTimeoutMs / 1000} seconds: ${readyCmd ?? startCmd}`,
      {
        cause: error,
      },
    );
  }
}
