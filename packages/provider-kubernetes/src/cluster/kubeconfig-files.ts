import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { readHostText } from "@glovebox/core/host-files";
import type { Cluster, Context, KubeConfig, User } from "@kubernetes/client-node";
import type { ClientLibrary } from "./client-library.ts";
import { ofKubeconfig } from "./kubeconfig-failure.ts";
import { parseKubeconfig } from "./parse-kubeconfig.ts";

const maxBytes = 4 * 1024 * 1024;

/** Where a kubeconfig comes from. */
export interface KubeconfigPlace {
  readonly paths: readonly string[];
  /** What named it. */
  readonly source: "settings" | "KUBECONFIG" | "default";
}

/** The places that are read: the setting, else the files of `KUBECONFIG`, else `~/.kube/config`. */
export function kubeconfigPlace(setting: string | undefined, env: NodeJS.ProcessEnv): KubeconfigPlace {
  if (setting !== undefined) return { paths: [resolve(setting)], source: "settings" };
  const named = env.KUBECONFIG?.split(delimiter).filter(Boolean) ?? [];
  if (named.length > 0) return { paths: named.map((path) => resolve(path)), source: "KUBECONFIG" };
  return { paths: [join(env.HOME || homedir(), ".kube", "config")], source: "default" };
}

/**
 * Reads kubeconfig files as kubectl does: of each name the first entry counts, and a missing file is left out. `undefined`
 * when none exists.
 */
export async function readKubeconfigs(
  library: ClientLibrary,
  { paths }: KubeconfigPlace,
): Promise<KubeConfig | undefined> {
  const configs: KubeConfig[] = [];
  let found = false;
  for (const path of paths) {
    const text = await readHostText(path, { maxBytes }).catch(ofKubeconfig);
    found ||= text !== undefined;
    if (text?.trim()) configs.push(parseKubeconfig(library, text, path));
  }
  if (!found) return undefined;
  const merged = new library.KubeConfig();
  merged.loadFromOptions({
    clusters: firstByName<Cluster>(configs.flatMap(({ clusters }) => clusters)),
    users: firstByName<User>(configs.flatMap(({ users }) => users)),
    contexts: firstByName<Context>(configs.flatMap(({ contexts }) => contexts)),
    currentContext: configs.find(({ currentContext }) => currentContext)?.currentContext ?? "",
  });
  return merged;
}

function firstByName<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  const first = new Map<string, T>();
  for (const entry of entries) if (!first.has(entry.name)) first.set(entry.name, entry);
  return [...first.values()];
}
