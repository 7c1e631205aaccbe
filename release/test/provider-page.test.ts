import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ProviderPlugin } from "@glovebox/core/provider";
import { certify } from "@glovebox/provider-testkit/certify";
import { expect, it } from "vitest";
import { repositoryRoot } from "../published-directories.ts";
import { pageProvider } from "./support/page-provider.ts";

/**
 * What the page's own code decides, and a part of what the kit and the supervisor do, which the other providers' tests
 * certify in full. `glovebox certify` runs the rest in a few minutes.
 */
const only = [
  "life/",
  "errors/",
  "capabilities/",
  "egress/",
  "optional/endpoint",
  "process/output",
  "process/both-ways",
  "process/kill",
  "process/abort-kills",
  "process/background",
  "files/keeps-archives",
];

it("the provider that its page begins with has less than 60 lines and passes the conformance suite", async () => {
  const code = pageProvider();
  expect(code.trimEnd().split("\n").length).toBeLessThan(60);
  // Where the page says that its imports are found.
  const file = join(repositoryRoot, `examples/page-provider-${process.pid}.mjs`);
  writeFileSync(file, code);
  try {
    const module = pathToFileURL(file).href;
    const { provider } = (await import(module)) as { readonly provider: ProviderPlugin };
    const { cases, leftBehind } = await certify({ create: () => provider.create({}), plugin: { module }, only });
    expect(cases.filter(({ status }) => status === "failed")).toEqual([]);
    expect(cases.filter(({ status }) => status === "passed").length).toBeGreaterThan(50);
    expect(leftBehind).toBe(0);
  } finally {
    rmSync(file);
  }
}, 600_000);
