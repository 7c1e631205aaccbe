import type { Command } from "commander";
import type { OwnerAccess } from "./owner-access.ts";

/** Runs a command with the store open. The options of the server before the command's name say which store. */
export type OwnerAction = (self: Command, act: (access: OwnerAccess) => Promise<void>) => Promise<void>;

/** What the groups of commands share. */
export interface OwnerCommandParts {
  readonly run: OwnerAction;
  readonly print: (lines: readonly string[]) => void;
}
