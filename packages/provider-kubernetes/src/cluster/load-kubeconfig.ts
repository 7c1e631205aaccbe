import { existsSync } from "node:fs";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { didYouMean, safeName } from "@glovebox/core/text";
import type { KubeConfig } from "@kubernetes/client-node";
import { type ClientLibrary, loadClientLibrary } from "./client-library.ts";
import { type KubeconfigPlace, kubeconfigPlace, readKubeconfigs } from "./kubeconfig-files.ts";
import { readNamedFiles } from "./read-named-files.ts";

const providerId = "kubernetes";
const serviceAccountToken = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/** What names a cluster. Every option may be left out. */
export interface KubeconfigOptions {
  /** The path of a kubeconfig. Default: the files of `KUBECONFIG`, else `~/.kube/config`, else a pod's own service account. */
  readonly kubeconfig?: string | undefined;
  /** A context of the kubeconfig. Default: its current one. */
  readonly context?: string | undefined;
  /** Default: the context's, else the service account's, else `default`. */
  readonly namespace?: string | undefined;
}

/** A cluster, and the credentials to reach it. */
export interface LoadedKubeconfig {
  readonly library: ClientLibrary;
  readonly config: KubeConfig;
  readonly server: URL;
  readonly namespace: string;
  /** Absent in a pod, where there is none. */
  readonly context?: string;
  /** The path of the kubeconfig, or `in-cluster`. */
  readonly source: string;
}

/** Finds the cluster and its credentials. Contacts nothing and runs nothing. Rejects with `invalid-options`. */
export async function loadKubeconfig(
  options: KubeconfigOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<LoadedKubeconfig> {
  const library = await loadClientLibrary();
  const place = kubeconfigPlace(options.kubeconfig, env);
  const config = await readKubeconfigs(library, place);
  if (config !== undefined) {
    chooseContext(config, options.context, place);
    await readNamedFiles(config);
    const context = config.getCurrentContext();
    return { library, config, ...target(config, options), context, source: place.paths.join(", ") };
  }
  if (place.source !== "default" || !isInPod(env)) throw noKubeconfig(place);
  if (options.context !== undefined) throw noSuchContext(options.context, []);
  const own = new library.KubeConfig();
  own.loadFromCluster();
  await readNamedFiles(own);
  return { library, config: own, ...target(own, options), source: "in-cluster" };
}

function isInPod(env: NodeJS.ProcessEnv): boolean {
  return Boolean(env.KUBERNETES_SERVICE_HOST && env.KUBERNETES_SERVICE_PORT) && existsSync(serviceAccountToken);
}

function chooseContext(config: KubeConfig, context: string | undefined, { paths }: KubeconfigPlace): void {
  const names = config.contexts.map(({ name }) => name);
  if (context !== undefined) config.setCurrentContext(context);
  const current = config.getCurrentContext();
  if (!current) {
    const known = names.length === 0 ? "It names no context." : `It has: ${list(names)}.`;
    throw new InvalidOptionsError(`${paths.join(", ")} has no current context`, {
      providerId,
      hint: `${known} Choose one with \`kubectl config use-context NAME\` or with the setting \`context\`.`,
    });
  }
  if (!names.includes(current)) throw noSuchContext(current, names);
  const { cluster, user } = config.getContextObject(current) ?? {};
  for (const [kind, name, found] of [
    ["cluster", cluster, config.getCurrentCluster()],
    ["user", user, user ? config.getCurrentUser() : true],
  ] as const) {
    if (found) continue;
    throw new InvalidOptionsError(
      `The context ${safeName(current)} names a ${kind} that does not exist: ${safeName(name ?? "")}`,
      { providerId, hint: `Correct ${paths.join(", ")}.` },
    );
  }
}

function target(config: KubeConfig, options: KubeconfigOptions): { readonly server: URL; readonly namespace: string } {
  const { server: address = "" } = config.getCurrentCluster() ?? {};
  const server = URL.canParse(address) ? new URL(address) : undefined;
  if (server === undefined || !/^https?:$/.test(server.protocol) || server.username || server.password) {
    throw new InvalidOptionsError("The server of the kubeconfig's cluster is not an address of https", {
      providerId,
      hint: "It looks like https://HOST:6443, without a user and a password.",
    });
  }
  const own = config.getContextObject(config.getCurrentContext())?.namespace?.trim();
  return { server, namespace: options.namespace ?? (own || "default") };
}

function noKubeconfig({ paths, source }: KubeconfigPlace): InvalidOptionsError {
  const named = source === "KUBECONFIG" ? "No file of KUBECONFIG exists" : "The kubeconfig does not exist";
  return new InvalidOptionsError(`${named}: ${paths.join(", ")}`, {
    providerId,
    hint: "Set KUBECONFIG to the kubeconfig of your cluster; `kubectl config view` shows the one that kubectl uses.",
  });
}

function noSuchContext(context: string, names: readonly string[]): InvalidOptionsError {
  const nearest = didYouMean(context, names);
  const known = names.length === 0 ? "It has none." : `It has: ${list(names)}.`;
  return new InvalidOptionsError(`The kubeconfig has no context ${safeName(context)}`, {
    providerId,
    hint: nearest === undefined ? known : `Did you mean ${safeName(nearest)}?`,
  });
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => safeName(name));
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}
