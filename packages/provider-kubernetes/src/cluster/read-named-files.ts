import { readHostFile } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { KubeConfig } from "@kubernetes/client-node";
import { ofKubeconfig } from "./kubeconfig-failure.ts";

/**
 * Reads the files that the current cluster and user name, so that the library reads none without a bound. The file of a
 * token is only looked at: it changes while it is in use.
 */
export async function readNamedFiles(config: KubeConfig): Promise<void> {
  const [cluster, user] = [config.getCurrentCluster(), config.getCurrentUser()];
  if (cluster?.caFile) {
    const { caFile, ...rest } = cluster;
    const caData = await readBase64(caFile, "certificate-authority");
    config.clusters = config.clusters.map((one) => (one.name === cluster.name ? { ...rest, caData } : one));
  }
  if (user === null) return;
  const { certFile, keyFile, ...rest } = user;
  const { tokenFile } = (user.authProvider?.config ?? {}) as { readonly tokenFile?: unknown };
  if (typeof tokenFile === "string") await readBase64(tokenFile, "tokenFile");
  const read = {
    ...rest,
    ...(certFile && { certData: await readBase64(certFile, "client-certificate") }),
    ...(keyFile && { keyData: await readBase64(keyFile, "client-key") }),
  };
  config.users = config.users.map((one) => (one.name === user.name ? read : one));
}

async function readBase64(path: string, field: string): Promise<string> {
  const bytes = await readHostFile(path).catch(ofKubeconfig);
  if (bytes !== undefined) return bytes.toString("base64");
  throw new InvalidOptionsError(`The ${field} of the kubeconfig does not exist: ${path}`, {
    providerId: "kubernetes",
    hint: "Correct the kubeconfig.",
  });
}
