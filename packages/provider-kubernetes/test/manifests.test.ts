import { AuthorizationV1Api, KubeConfig } from "@kubernetes/client-node";
import { expect, it } from "vitest";
import { kubernetesSettings } from "../src/kubernetes-settings.ts";
import { neededRights } from "../src/preflight/needed-rights.ts";
import { applyManifests } from "./support/apply-manifests.ts";

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
  const settings = kubernetesSettings.parse({ storageClass: "standard", snapshotClass: "standard" });
  for (const { group, resource, subresource, verb } of neededRights(settings)) {
    const question = { group, resource, verb, ...(subresource === undefined ? {} : { subresource }) };
    expect({ question, isAllowed: await isAllowed(question) }).toEqual({ question, isAllowed: true });
  }
  for (const question of tooMuch)
    expect({ question, isAllowed: await isAllowed(question) }).toEqual({ question, isAllowed: false });
});
