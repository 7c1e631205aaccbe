import { Sandbox, Secret, Volume } from "e2b";
import { expect, test } from "vitest";
import { sdkFixture } from "./sdk-fixture.ts";

sdkFixture();

test("volumes are refused with a reason", async () => {
  await expect(Volume.create("data")).rejects.toThrow(/501.*[Vv]olume/);
  await expect(Volume.list()).rejects.toThrow(/501.*[Vv]olume/);
  await expect(Sandbox.create({ volumeMounts: { "/mnt/data": "data" } })).rejects.toThrow(/[Vv]olume/);
});

test("secrets are refused with a reason", async () => {
  await expect(Secret.create("name", "value")).rejects.toThrow(/501.*[Ss]ecret/);
});

test("MCP servers are refused with a reason", async () => {
  await expect(Sandbox.create({ mcp: { duckduckgo: {} } })).rejects.toThrow(/mcp/i);
});

test("workload identities and a proxy of one's own are refused, not forgotten", async () => {
  const iam = { tokens: { aws: Secret.iamToken({ audience: "sts.example.com", tokenType: "JWT-SVID" }) } };
  await expect(Sandbox.create({ iam })).rejects.toThrow(/iam|identit/i);
  const egressProxy = { address: "proxy.example.com:1080" };
  await expect(Sandbox.create({ network: { egressProxy } })).rejects.toThrow(/proxy/i);
});
