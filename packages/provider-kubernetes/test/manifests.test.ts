import { exec } from "@glovebox/core/exec";
import { ownerLabel, runLabel } from "@glovebox/core/provider";
import { AuthorizationV1Api, KubeConfig } from "@kubernetes/client-node";
import { expect, it } from "vitest";
import { createKubernetesProvider } from "../src/index.ts";
import { kubernetesSettings } from "../src/kubernetes-settings.ts";
import { neededRights } from "../src/preflight/needed-rights.ts";
import { applyManifests } from "./support/apply-manifests.ts";
import { testCluster } from "./support/test-cluster.ts";
import { testLayers } from "./support/test-layers.ts";

interface Question {
  readonly group?: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly verb: string;
  readonly namespace?: string;
}

/** Rights over other people's things, or to more rights, which nothing of Glovebox has to have. */
const tooMuch: readonly Question[] = [
  ...["get", "list", "create"].map((verb) => ({ resource: "secrets", verb })),
  ...["get", "list"].map((verb) => ({ resource: "nodes", verb })),
  ...["list", "create"].map((verb) => ({ resource: "pods", verb, namespace: "default" })),
  { resource: "pods", subresource: "exec", verb: "create", namespace: "default" },
  { resource: "pods", subresource: "portforward", verb: "create" },
  { resource: "pods", subresource: "ephemeralcontainers", verb: "patch" },
  { resource: "pods", verb: "deletecollection" },
  { resource: "configmaps", verb: "get" },
  { resource: "namespaces", verb: "patch" },
  { resource: "serviceaccounts", subresource: "token", verb: "create" },
  { group: "networking.k8s.io", resource: "networkpolicies", verb: "delete" },
  { group: "networking.k8s.io", resource: "networkpolicies", verb: "patch" },
  { group: "rbac.authorization.k8s.io", resource: "rolebindings", verb: "create" },
  { group: "apps", resource: "deployments", verb: "create" },
];

it("gives the service account of rbac.yaml the rights that sandboxes need, and none over anything else", async () => {
  await using applied = await applyManifests();
  const config = new KubeConfig();
  config.loadFromFile(applied.kubeconfig);
  const auth = config.makeApiClient(AuthorizationV1Api);
  const isAllowed = async (question: Question): Promise<boolean> => {
    const resourceAttributes = { namespace: applied.namespace, ...question };
    const review = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview" };
    const { status } = await auth.createSelfSubjectAccessReview({ body: { ...review, spec: { resourceAttributes } } });
    return status?.allowed === true;
  };
  const settings = kubernetesSettings.parse({ storageClass: "standard", snapshotClass: "standard", poolSize: 1 });
  for (const { group, resource, subresource, verb } of neededRights(settings)) {
    const question = { group, resource, verb, ...(subresource === undefined ? {} : { subresource }) };
    expect({ question, isAllowed: await isAllowed(question) }).toEqual({ question, isAllowed: true });
  }
  for (const question of tooMuch)
    expect({ question, isAllowed: await isAllowed(question) }).toEqual({ question, isAllowed: false });
});

it.each(["namespace.yaml", "namespace-with-init-seal.yaml"])("runs a sandbox with these rights in %s", async (file) => {
  await using applied = await applyManifests(file);
  const provider = createKubernetesProvider({
    kubeconfig: applied.kubeconfig,
    storageClass: testCluster.storageClass,
    registry: `${testCluster.registry}/glovebox`,
  });
  const { findings } = await provider.preflight();
  expect(findings.filter(({ status }) => status !== "ok")).toEqual([]);
  const template = await provider.prepare({ base: { kind: "default" }, layers: testLayers });
  const labels = { [ownerLabel]: applied.namespace, [runLabel]: applied.namespace };
  const egress = { mode: "none", models: [] } as const;
  const spec = { template, labels, ttlMs: 60_000, env: {}, egress, idempotencyKey: applied.namespace };
  const sandbox = await provider.create(spec);
  expect(await exec(sandbox, ["id", "-u"])).toMatchObject({ stdout: "1000", exitCode: 0 });
  await sandbox.destroy();
  for await (const left of provider.list({ labels })) expect(left).toBeUndefined();
});
