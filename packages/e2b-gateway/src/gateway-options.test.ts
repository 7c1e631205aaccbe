import { type Capabilities, type SandboxProvider, Secret } from "@glovebox/core/provider";
import { expect, it } from "vitest";
import { createE2bGateway } from "./index.ts";

const provider = (capabilities: Partial<Capabilities>): SandboxProvider =>
  ({ id: "mock", capabilities: { rootInside: true, endpoint: true, ...capabilities } }) as SandboxProvider;

it.each([
  ["no key", { apiKeys: [] }, "at least one key"],
  ["an empty key", { apiKeys: [""] }, "apiKeys"],
  ["a secret that is empty", { apiKeys: [new Secret("KEY", "")] }, "apiKeys"],
  ["a domain that is an address", { domain: "http://e2b.localhost" }, "domain"],
  ["an option that there is not", { port: 3000 }, "port"],
  ["a provider without a root inside", { provider: provider({ rootInside: false }) }, "cannot carry"],
  ["a provider that reaches no ports", { provider: provider({ endpoint: false }) }, "cannot carry"],
])("refuses %s before anything happens", (_, changes, message) => {
  const options = { provider: provider({}), apiKeys: ["key"], stateDir: "/nowhere", ...changes };
  expect(() => createE2bGateway(options)).toThrow(expect.objectContaining({ code: "invalid-options" }));
  expect(() => createE2bGateway(options)).toThrow(message);
});

it("takes what is right, and touches nothing", () => {
  expect(() => createE2bGateway({ provider: provider({}), apiKeys: ["key"], stateDir: "/nowhere" })).not.toThrow();
});
