import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadHarness, loadProvider } from "@glovebox/core";
import type { Script } from "@glovebox/scripted-model";
import { vi } from "vitest";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

const example = (name: string): string => fileURLToPath(new URL(`../../../../examples/${name}`, import.meta.url));

const provider = "@acme/glovebox-bubblewrap";
const harness = "@acme/glovebox-small-agent";

export interface DashboardServer extends ServerProcess {
  /** The one-time link of the first start. */
  readonly loginLink: string;
}

/** A server whose runs need no engine and no vendor's program: the examples' provider and harness, and a scripted model. */
export async function startDashboardServer(script: Script): Promise<DashboardServer> {
  const home = mkdtempSync(join(tmpdir(), "glovebox-dashboard-"));
  const packages = join(home, "packages/node_modules/@acme");
  mkdirSync(packages, { recursive: true });
  symlinkSync(example("third-party-provider"), join(home, "packages/node_modules", provider));
  symlinkSync(example("third-party-harness"), join(home, "packages/node_modules", harness));
  const config = join(home, "server.json");
  const providerSettings = { stateDir: join(home, "bubblewrap") };
  await prepareTemplate(providerSettings);
  writeFileSync(config, JSON.stringify({ provider, providerSettings, harness, maxRuns: 2, logLevel: "warn" }));
  const server = await startServerProcess({ script, args: ["--config", config], home });
  const link = join(home, "server/login-link");
  await vi.waitUntil(() => existsSync(link), { timeout: 60_000 });
  return { ...server, loginLink: readFileSync(link, "utf8").trim() };
}

/** Builds the template with this process's own configuration of npm: the server's home is empty. */
async function prepareTemplate(settings: { readonly stateDir: string }): Promise<void> {
  const places = { resolveFrom: [], pathsFrom: "/" };
  const [bubblewrap, agent] = await Promise.all([
    loadProvider(example("third-party-provider"), { ...places, settings }),
    loadHarness(example("third-party-harness"), places),
  ]);
  await bubblewrap.prepare({ base: { kind: "default" }, layers: [agent.template()] });
}
