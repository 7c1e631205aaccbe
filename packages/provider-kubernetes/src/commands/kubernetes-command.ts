import type { PluginCommand } from "@glovebox/core/plugin";
import type { DrainOptions } from "./pool-actions.ts";

/** `glovebox kubernetes pool`. */
export const kubernetesCommand: PluginCommand = {
  name: "kubernetes",
  description: "Manage what Glovebox keeps in a Kubernetes cluster.",
  commands: [poolCommand()],
};

function poolCommand(): PluginCommand {
  return {
    name: "pool",
    description: "List and remove the pods that wait ready for sandboxes. The setting poolSize has a run fill them.",
    commands: [
      {
        name: "ls",
        description: "List the pools of the namespace, newest first.",
        options: [{ flags: "--json", help: "print one object per line" }],
        run: async ({ options }, context) => {
          const { printPools } = await import("./pool-actions.ts");
          return await printPools(options as { readonly json?: boolean }, context);
        },
      },
      {
        name: "drain",
        description:
          "Remove pools with the pods that wait in them: the named ones, or with --all every pool of the namespace. " +
          "Sandboxes that were taken from them stay.",
        arguments: [{ syntax: "[pool...]", help: "names from `pool ls`" }],
        options: [{ flags: "-a, --all", help: "every pool of the namespace" }],
        run: async ({ args: [names], options }, context) => {
          const { drainPools } = await import("./pool-actions.ts");
          return await drainPools(names as readonly string[], options as DrainOptions, context);
        },
      },
    ],
  };
}
