import type { Writable } from "node:stream";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { safeText } from "@glovebox/core/text";
import type { Command } from "commander";
import type { ServerOptions } from "../../server-settings.ts";
import { HttpError } from "../http-error.ts";
import { openOwnerAccess } from "./owner-access.ts";
import type { OwnerAction } from "./owner-command-parts.ts";
import { addTokenCommands } from "./token-commands.ts";
import { addUserCommands } from "./user-commands.ts";

/** Where the commands of the machine's owner run. */
export interface OwnerCommandsInput {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: Writable;
}

/** Adds `token` and `user`, for the owner of the machine: they open the store, without a token. */
export function addOwnerCommands(parent: Command, { env, cwd, stdout }: OwnerCommandsInput): void {
  const run: OwnerAction = async (self, act) => {
    const { config, stateDir } = self.optsWithGlobals<ServerOptions>();
    const options = { ...(config !== undefined && { config }), ...(stateDir !== undefined && { stateDir }) };
    await using access = await openOwnerAccess(options, env, cwd);
    try {
      await act(access);
    } catch (error) {
      throw error instanceof HttpError ? new InvalidOptionsError(error.message, { cause: error }) : error;
    }
  };
  const print = (lines: readonly string[]): void =>
    void stdout.write(lines.map((line) => `${safeText(line)}\n`).join(""));
  addTokenCommands(parent, { run, print });
  addUserCommands(parent, { run, print });
}
