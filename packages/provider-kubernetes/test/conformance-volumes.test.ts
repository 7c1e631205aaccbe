import { testProvider } from "@glovebox/provider-testkit";
import { afterAll } from "vitest";
import { createKubernetesProvider } from "../src/index.ts";
import { openConformance } from "./conformance-options.ts";
import { testCluster } from "./support/test-cluster.ts";

const { storageClass, snapshotClass } = testCluster;
const conformance = await openConformance({ storageClass, snapshotClass });
afterAll(() => conformance[Symbol.asyncDispose]());

// What a volume changes: how sandboxes come, go, are kept and copied.
testProvider({
  ...conformance.options,
  removeTemplate: async (template) => {
    await createKubernetesProvider(conformance.settings).removeSnapshot?.(template);
  },
  only: ["life/wake", "life/idempotency-key", "life/destroy-twice", "life/create-aborted", "optional/snapshot"],
});
