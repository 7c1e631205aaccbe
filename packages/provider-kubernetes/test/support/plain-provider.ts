import type { SandboxProvider } from "@glovebox/core/provider";
import { defineProvider, keyDigest, supervisedCapabilities } from "@glovebox/provider-kit";
import { supervisorModes, supervisorPaths } from "@glovebox/supervisor";
import { z } from "zod";
import { Cluster } from "../../src/cluster/cluster.ts";
import { statusOf } from "../../src/cluster/cluster-errors.ts";
import { connectToSupervisor } from "../../src/stream/connect-to-supervisor.ts";

const node = "/opt/glovebox/bin/node";

export function plainProvider(options: { kubeconfig?: string; namespace: string; image: string }): SandboxProvider {
  const { namespace, image } = options;
  const cluster = new Cluster(options);
  const sandboxOf = (name: string) => ({
    id: name,
    openStream: (call: { signal?: AbortSignal }) =>
      connectToSupervisor(
        cluster,
        {
          namespace,
          pod: name,
          container: "sandbox",
          command: [node, supervisorPaths.file, supervisorModes.connect],
        },
        call,
      ),
    info: async () => infoOf(name),
    destroy: async () => {
      await cluster
        .call("deleting", {}, ({ core }) => core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 }))
        .catch((error) => {
          if (statusOf(error) !== 404) throw error;
        });
    },
  });
  const infoOf = async (name: string) => {
    const pod = await cluster
      .read("reading", {}, ({ core }) => core.readNamespacedPod({ name, namespace }))
      .catch((error) => {
        if (statusOf(error) === 404) return undefined;
        throw error;
      });
    if (pod === undefined) return undefined;
    return { id: name, state: "running" as const, labels: {}, createdAt: new Date(), rootInside: false };
  };
  const { create } = defineProvider({
    id: "kubernetes",
    name: "Kubernetes",
    capabilities: supervisedCapabilities,
    settings: z.object({}),
    open: () => undefined,
    preflight: async () => ({ findings: [] }),
    prepare: async () => ({ digest: "sha256:0", reference: image, reused: true, packageHosts: [] }),
    find: async (_, id) => {
      const info = await infoOf(id);
      return info && { sandbox: sandboxOf(id), info };
    },
    list: async () => [],
    create: async (_, { spec }) => {
      const name = `glovebox-${keyDigest(spec.idempotencyKey).slice(0, 32)}`;
      await cluster.call("creating", {}, ({ core }) =>
        core.createNamespacedPod({
          namespace,
          body: {
            metadata: { name },
            spec: {
              terminationGracePeriodSeconds: 0,
              automountServiceAccountToken: false,
              containers: [
                {
                  name: "sandbox",
                  image,
                  stdin: true,
                  command: [node, supervisorPaths.file, supervisorModes.serve],
                  env: [
                    {
                      name: "GLOVEBOX_SUPERVISOR",
                      value: JSON.stringify({ ttlMs: spec.ttlMs, rootInside: false }),
                    },
                  ],
                  securityContext: {
                    runAsUser: 0,
                    capabilities: { drop: ["ALL"], add: ["SETUID", "SETGID", "KILL"] },
                  },
                },
              ],
            },
          },
        }),
      );
      for await (const pod of cluster.watchPod({ namespace, name })) if (pod?.status?.phase === "Running") break;
      return { sandbox: sandboxOf(name) };
    },
  });
  return create({});
}
