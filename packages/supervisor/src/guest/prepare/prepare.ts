import { type PrepareConfig, prepareConfigVariable } from "../../prepare-config.ts";
import { makeDirectory } from "./make-directory.ts";
import { sealNetwork } from "./seal-network.ts";
import { writeAccounts } from "./write-accounts.ts";

const user = { uid: 1000, gid: 1000 } as const;

/** Makes a volume ready for a sandbox. Root is needed for the network, and for a volume that is root's. */
export async function prepare(): Promise<void> {
  const config = JSON.parse(process.env[prepareConfigVariable] ?? "{}") as PrepareConfig;
  const { volume = "/glovebox/volume", seal = false, accounts = false } = config;
  // Before the rest: what cannot be shut needs no files.
  if (seal) sealNetwork();
  process.umask(0o022);
  makeDirectory(`${volume}/workspace`, "/workspace", user);
  makeDirectory(`${volume}/home`, "/home/agent", user);
  if (accounts) writeAccounts(`${volume}/etc`, user);
}
