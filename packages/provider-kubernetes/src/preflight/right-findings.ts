import type { CallOptions, Finding } from "@glovebox/core/provider";
import type { KubernetesContext } from "../kubernetes-context.ts";
import { neededRights, type Right } from "./needed-rights.ts";

/** Asks the API server for each right that sandboxes need, and names those that are missing. */
export async function rightFindings(context: KubernetesContext, call: CallOptions): Promise<readonly Finding[]> {
  const namespace = await context.namespace();
  const rights = neededRights(context.settings);
  const answers = await Promise.all(rights.map((right) => isAllowed(context, { right, namespace, call })));
  const missing = rights.filter((_, index) => !answers[index]);
  const lacking = missing.filter(({ isOptional }) => !isOptional).map(nameOf);
  const optional = missing.filter(({ isOptional }) => isOptional).map(nameOf);
  const hint = "An administrator can grant the role of docs/providers/kubernetes.md.";
  if (lacking.length > 0) {
    return [{ name: "rights", status: "problem", message: `this user may not: ${lacking.join(", ")}`, hint }];
  }
  if (optional.length > 0) {
    return [{ name: "rights", status: "notice", message: `this user may not: ${optional.join(", ")}`, hint }];
  }
  return [{ name: "rights", status: "ok", message: "this user may do everything that sandboxes need" }];
}

interface Question {
  readonly right: Right;
  readonly namespace: string;
  readonly call: CallOptions;
}

async function isAllowed({ cluster }: KubernetesContext, { right, namespace, call }: Question): Promise<boolean> {
  const { group, resource, subresource, verb, everywhere } = right;
  const resourceAttributes = {
    group,
    resource,
    verb,
    ...(subresource !== undefined && { subresource }),
    ...(everywhere ? {} : { namespace }),
  };
  const body = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: { resourceAttributes } };
  const { status } = await cluster.read("asking for rights", call, ({ auth }) =>
    auth.createSelfSubjectAccessReview({ body }),
  );
  return status?.allowed === true;
}

function nameOf({ verb, resource, subresource, everywhere }: Right): string {
  return `${verb} ${resource}${subresource === undefined ? "" : `/${subresource}`}${everywhere ? " in all namespaces" : ""}`;
}
