import type { CallOptions } from "@glovebox/core/provider";
import type { FoundSandbox } from "@glovebox/provider-kit";
import type Docker from "dockerode";
import { ContainerSandbox } from "./container-sandbox.ts";
import { inspectContainer } from "./inspect-container.ts";
import { isSandbox } from "./labels.ts";
import { sandboxInfo } from "./sandbox-info.ts";
import { withDeadline } from "./with-deadline.ts";

const inspectTimeoutMs = 20_000;

/** Looks a container up by a sandbox's id. */
export async function findSandbox(
  engine: Docker,
  id: string,
  { signal }: CallOptions,
): Promise<FoundSandbox | "foreign" | undefined> {
  const inspecting = { operation: "inspecting the container", timeoutMs: inspectTimeoutMs, signal };
  const facts = await withDeadline(inspecting, (cancelled) => inspectContainer(engine, id, cancelled));
  if (facts === undefined) return undefined;
  if (!isSandbox(facts.labels)) return "foreign";
  // The engine also finds a container by its name or the beginning of its id, which is no sandbox's id.
  if (facts.id !== id) return undefined;
  return { sandbox: new ContainerSandbox({ engine, id, status: facts.status }), info: sandboxInfo(facts) };
}
