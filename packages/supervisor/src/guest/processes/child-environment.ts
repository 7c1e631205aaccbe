import { existsSync } from "node:fs";
import type { SpawnRequest } from "../../protocol/messages.ts";
import type { GuestConfig } from "../guest-config.ts";
import { processMarker } from "./process-tree.ts";

const shell = existsSync("/bin/bash") ? "/bin/bash" : "/bin/sh";

/** Where neither the image nor the user says otherwise: programs write and read UTF-8, and every image has this locale. */
const locale = { LANG: "C.UTF-8" };

/**
 * The environment of a process: the locale, the image's, the user's with the directory that it starts in, the sandbox's, its own;
 * what comes later wins.
 */
export function childEnvironment(
  id: string,
  configured: Readonly<Record<string, string>>,
  { env: own, cwd }: Pick<SpawnRequest, "env" | "cwd">,
  config: GuestConfig,
): Record<string, string | undefined> {
  const user = {
    HOME: config.home,
    USER: config.user,
    LOGNAME: config.user,
    SHELL: shell,
    PWD: cwd ?? config.workspaceDir,
  };
  // The marker stands first, where a short read of the environment finds it, and nothing replaces it.
  const env: Record<string, string | undefined> = { [processMarker]: id };
  return Object.assign(env, locale, process.env, user, configured, own, { [processMarker]: id });
}
