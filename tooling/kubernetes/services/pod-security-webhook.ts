import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { text } from "node:stream/consumers";
import type { ApiClient } from "./api-client.ts";
import { type PodSecurityLevel, type PodSpec, podSecurityViolations } from "./pod-security.ts";

interface AdmissionReview {
  readonly request: {
    readonly uid: string;
    readonly object: {
      readonly metadata: { readonly name?: string; readonly generateName?: string };
      readonly spec: PodSpec;
    };
  };
}

const port = 8443;
const levels: readonly PodSecurityLevel[] = ["baseline", "restricted"];

function review(level: PodSecurityLevel, { request }: AdmissionReview): object {
  const violations = podSecurityViolations(level, request.object.spec);
  const { name, generateName } = request.object.metadata;
  const message = `pods "${name ?? generateName ?? ""}" is forbidden: violates PodSecurity "${level}:latest": ${violations.join(", ")}`;
  return {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    response: {
      uid: request.uid,
      allowed: violations.length === 0,
      ...(violations.length > 0 && { status: { code: 403, reason: "Forbidden", message } }),
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const level = levels.find((each) => request.url?.startsWith(`/${each}`));
  if (!level) {
    response.writeHead(404).end();
    return;
  }
  const result = review(level, JSON.parse(await text(request)) as AdmissionReview);
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(result));
}

function configuration(authority: string): object {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "pod-security-webhook" },
    webhooks: levels.map((level) => ({
      name: `${level}.pod-security-webhook.kubernetes.io`,
      clientConfig: { url: `https://127.0.0.1:${port}/${level}`, caBundle: Buffer.from(authority).toString("base64") },
      namespaceSelector: { matchLabels: { "pod-security.kubernetes.io/enforce": level } },
      rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
      admissionReviewVersions: ["v1"],
      sideEffects: "None",
      failurePolicy: "Fail",
    })),
  };
}

/** Refuses pods that violate the level that their namespace's label `pod-security.kubernetes.io/enforce` names. */
export async function servePodSecurity(api: ApiClient, certificates: string): Promise<void> {
  const server = createServer(
    { cert: readFileSync(`${certificates}/apiserver.crt`), key: readFileSync(`${certificates}/apiserver.key`) },
    (request, response) => {
      answer(request, response).catch(() => response.writeHead(500).end());
    },
  );
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await api.create(
    "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
    configuration(readFileSync(`${certificates}/ca.crt`, "utf8")),
  );
}
