import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { endpointOf } from "../case-run/endpoint.ts";
import { kernelCounters } from "../case-run/kernel-counters.ts";
import { afterFiles, type Success } from "../case-run/success.ts";
import type { HarnessCase } from "../harness-case.ts";

/** What a sealed sandbox shows of its program. */
export const sealedCases: readonly HarnessCase[] = [
  {
    name: "sealed/key",
    title: "The real key is in no file, environment, argument, event or result",
    async run(context) {
      const found = await context.success();
      assert.deepEqual(found.filesWithKey, [], "The key was found in the sandbox");
      for (const directory of [found.outputDirectory, found.runDirectory]) {
        assert.deepEqual(await filesWith(directory, context.key), [], "The key was found in what came back");
      }
      assert.ok(
        !JSON.stringify([found.events, found.lines, found.result]).includes(context.key),
        "An event has the key",
      );
      assert.ok(found.modelRequests > 0, "No request with the key reached the model");
    },
  },
  {
    name: "sealed/no-other-host",
    title: "No request is made but the declared ones, to the model's API",
    async run(context) {
      const found = await context.success();
      const { endpoint } = endpointOf(context.harness, undefined);
      const known = new Set([endpoint, ...context.harness.endpoints].map(({ id }) => id));
      assert.deepEqual(otherHosts(found, known), [], "Other requests were made");
    },
  },
  {
    name: "sealed/no-names",
    title: "No name is looked up and no address outside is contacted, by the kernel's own counters",
    async run(context) {
      const { outputDirectory } = await context.success();
      const text = await readFile(join(outputDirectory, afterFiles.network), "utf8");
      const { datagramsOut, withoutRoute } = kernelCounters(text);
      assert.deepEqual({ datagramsOut, withoutRoute }, { datagramsOut: 0, withoutRoute: 0 });
    },
  },
];

function otherHosts({ events }: Success, known: ReadonlySet<string>): readonly string[] {
  return events.flatMap((event) => {
    if (event.type === "network.refused") return event.hosts;
    if (event.type !== "network.request") return [];
    if (event.decision === "allowed" && event.routeId !== undefined && known.has(event.routeId)) return [];
    return [`${event.method} ${event.host}:${event.port}${event.path ?? ""} ${event.decision}`];
  });
}

async function filesWith(directory: string, key: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && (await readFile(path)).includes(key)) found.push(path);
  }
  return found;
}
