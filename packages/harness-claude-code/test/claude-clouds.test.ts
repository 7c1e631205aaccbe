import { once } from "node:events";
import { existsSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { budget } from "@glovebox/core";
import type { EgressEvent, ModelUsage } from "@glovebox/core/provider";
import { createGateway } from "@glovebox/egress-gateway";
import { cloudCredential, type HostVariables, vertexAccount, vertexPlace } from "@glovebox/model-accounts";
import { createScriptedModel, demoScript } from "@glovebox/scripted-model";
import { afterAll, afterEach, expect, it } from "vitest";
import { createClaudeCode } from "../src/index.ts";
import { removeDirectories, runClaude } from "./support/claude-process.ts";
import { type CloudRequest, signatureFailure, startCloud } from "./support/cloud-server.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(removeDirectories);

const keys = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "the-real-secret-access-key" };
const sessionToken = "the-real-session-token";

/** A run of the demo through the gateway, with what the gateway saw. */
async function runInCloud(options: {
  readonly variable: string;
  readonly env: HostVariables;
  readonly check: Parameters<typeof startCloud>[1];
  readonly account?: ReturnType<typeof vertexAccount>;
  readonly model?: string;
}) {
  const model = createScriptedModel({ script: demoScript });
  const { url: modelUrl, close } = await model.listen();
  cleanups.push(close);
  const cloud = await startCloud(modelUrl, options.check);
  cleanups.push(() => cloud.close());
  const harness = createClaudeCode();
  const spec = harness.clouds?.find(({ variable }) => variable === options.variable);
  const endpoint = harness.endpoints.find(({ id }) => id === spec?.endpointId);
  if (spec === undefined || endpoint === undefined) throw new Error("unreachable: the harness has this cloud");
  const { account, environment } = cloudCredential(spec, options.env);
  const events: EgressEvent[] = [];
  const usages: ModelUsage[] = [];
  const gateway = createGateway({
    policy: {
      mode: "sealed",
      models: [{ ...endpoint, upstream: cloud.url, credential: options.account ?? account }],
      budget: budget({ usd: 5 }),
    },
    observer: { onRequest: (event) => events.push(event), onUsage: (usage) => usages.push(usage) },
  });
  cleanups.push(() => gateway.close());
  const server = createServer((socket) => gateway.handle(socket)).listen(0, "127.0.0.1");
  cleanups.push(() => server.close());
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gatewayUrl = gateway.modelUrls(origin)[endpoint.id] ?? "";
  const run = await runClaude({
    baseUrl: gatewayUrl,
    variable: options.variable,
    env: environment,
    ...(options.model === undefined ? {} : { task: { model: options.model } }),
  });
  return { run, events, usages, requests: cloud.requests as readonly CloudRequest[], gatewayUrl };
}

it("works through Amazon Bedrock: signed on the host, with no key of AWS inside", async () => {
  const id = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
  const { run, events, usages, requests, gatewayUrl } = await runInCloud({
    variable: "CLAUDE_CODE_USE_BEDROCK",
    env: {
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_REGION: "us-east-1",
      ANTHROPIC_MODEL: id,
    },
    check: (request, body) =>
      signatureFailure(request, body, keys) ??
      (request.headers["x-amz-security-token"] === sessionToken ? undefined : "no session token"),
  });
  expect(new Set(requests.map(({ path }) => path))).toEqual(new Set([`/model/${id}/invoke-with-response-stream`]));
  expect(usages).toHaveLength(requests.length);
  for (const usage of usages) {
    expect(usage).toMatchObject({ routeId: "bedrock", model: id });
    expect(usage.costUsd).toBeCloseTo((usage.input * 3.3 + usage.output * 16.5) / 1e6, 9);
  }
  // It asks for what else the cloud has, and does without.
  expect(events.filter(({ decision }) => decision === "denied")).toMatchObject([{ method: "GET", status: 403 }]);
  expect(JSON.stringify(run.env)).not.toMatch(/AKIAEXAMPLE|the-real/);
  expect(run.outcome).toMatchObject({ ok: true });
  expect(existsSync(join(run.directory, "index.html"))).toBe(true);
  const invoke = (model: string) =>
    fetch(`${gatewayUrl}/model/${model}/invoke`, { method: "POST", body: '{"max_tokens":9,"messages":[]}' });
  // As the program sends an ARN: only its slash is escaped.
  for (const arn of [`arn:aws:bedrock:us-east-1:123456789012:inference-profile%2F${id}`, id.replace(":", "%3A")]) {
    expect([arn, (await invoke(arn)).status]).toEqual([arn, 200]);
    expect(usages.at(-1)).toMatchObject({ model: id });
  }
  const profile = await invoke("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile%2Fabc");
  expect([profile.status, await profile.text()]).toEqual([402, expect.stringContaining("has no price")]);
});

it("works through Google Vertex AI: with the host's token, for the run's project alone", async () => {
  const env = {
    ANTHROPIC_VERTEX_PROJECT_ID: "my-project",
    CLOUD_ML_REGION: "europe-west1",
    ANTHROPIC_MODEL: "claude-sonnet-4-5@20250929",
  };
  const token = "ya29.the-real-token";
  const { run, events, usages, requests, gatewayUrl } = await runInCloud({
    variable: "CLAUDE_CODE_USE_VERTEX",
    env,
    account: vertexAccount(vertexPlace(env), { token: async () => token }),
    check: ({ headers }) => (headers.authorization === `Bearer ${token}` ? undefined : "no token"),
  });
  const place = "/projects/my-project/locations/europe-west1/publishers/anthropic/models";
  expect(new Set(requests.map((request) => request.path))).toEqual(
    new Set([`${place}/claude-sonnet-4-5@20250929:streamRawPredict`]),
  );
  expect(usages).toHaveLength(requests.length);
  expect(usages.every(({ model, costUsd = 0 }) => model === "claude-sonnet-4-5@20250929" && costUsd > 0)).toBe(true);
  expect(events.every(({ status }) => status === 200)).toBe(true);
  expect(JSON.stringify(run.env)).not.toContain(token);
  const other = place.replace("my-project", "other-project");
  const answer = await fetch(`${gatewayUrl}${other}/claude-opus-5-5:rawPredict`, {
    method: "POST",
    body: '{"max_tokens":9,"messages":[]}',
  });
  expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining("Only the project my-project")]);
  expect(run.outcome).toMatchObject({ ok: true });
  expect(existsSync(join(run.directory, "index.html"))).toBe(true);
});
