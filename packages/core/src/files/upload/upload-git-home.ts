import type { Sandbox } from "../../provider/sandbox.ts";
import { sandboxUser } from "../../provider/sandbox.ts";
import { section } from "../git/carried-settings.ts";
import { type HostSettings, identityOf, readOwnRules } from "../git/host-settings.ts";
import { smallArchive } from "../tar/small-archive.ts";

/**
 * Gives git inside the user's name and address, and what they ignore everywhere: in every repository, also in one that the
 * agent makes. What an image has in `~/.gitconfig` goes before it.
 */
export async function uploadGitHome(sandbox: Sandbox, settings: HostSettings, signal?: AbortSignal): Promise<void> {
  const { name, email } = identityOf(settings);
  const branch = settings.own.get("init.defaultbranch");
  const defaultBranch = branch !== undefined && /^[\w./-]+$/.test(branch) ? branch : "main";
  const files = new Map<string, Buffer | string>([
    [".config/", ""],
    [".config/git/", ""],
    [".config/git/config", section("user", { name, email }) + section("init", { defaultBranch })],
  ]);
  for (const kind of ["ignore", "attributes"] as const) {
    const rules = await readOwnRules(settings, kind);
    if (rules !== undefined) files.set(`.config/git/${kind}`, rules);
  }
  await sandbox.files.putArchive(sandboxUser.home, smallArchive(files), signal === undefined ? {} : { signal });
}
