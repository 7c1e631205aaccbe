import { InvalidOptionsError } from "@glovebox/core/provider";
import { flagOf } from "@glovebox/core/run-settings";
import type { RunOptions } from "../../config/run-options.ts";

/** Options that name something of this machine, and what to do instead. */
const localOnly: Readonly<Record<string, string>> = {
  mount: "A server mounts none of your directories; `--workspace` uploads one.",
  addDir: "Only the workspace is uploaded.",
  history: "The git history is not uploaded.",
  dockerfile: "Build a template on the server, and name it with --template.",
  buildArg: "Build a template on the server, and name it with --template.",
  publish: "The dashboard opens the ports of a run.",
  credential: "Credentials for hosts are configured on the server.",
  profile: "The server has the model's credential.",
  componentsSource: "Catalogs are configured on the server.",
  offline: "The server fetches components.",
  choose: "Name them: --agent NAME.",
  lease: "The server keeps the leases of its sandboxes.",
  notify: "Notifications are configured on the server.",
  notifyAt: "Notifications are configured on the server.",
  notifySecretFile: "Notifications are configured on the server.",
};

/** Throws for an option that only works where the run is carried. */
export function refuseLocalOnly(options: RunOptions, pluginFlags: readonly string[]): void {
  for (const [name, hint] of Object.entries(localOnly)) {
    const value = options[name];
    if (value === undefined || value === false) continue;
    throw new InvalidOptionsError(`${flagOf(name)} does not work with a server`, { hint });
  }
  const flag = pluginFlags.find((name) => options[name] !== undefined);
  if (flag === undefined) return;
  throw new InvalidOptionsError(`${flagOf(flag)} does not work with a server`, {
    hint: "Options of providers and harnesses are configured on the server.",
  });
}
