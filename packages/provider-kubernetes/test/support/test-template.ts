import type { Template } from "@glovebox/core/provider";
import { createKubernetesProvider } from "../../src/index.ts";
import { testCluster } from "./test-cluster.ts";

let preparing: Promise<Template> | undefined;

/** The default template, which is built and pushed to the registry once. */
export function testTemplate(): Promise<Template> {
  preparing ??= createKubernetesProvider({
    kubeconfig: testCluster.kubeconfig,
    registry: `${testCluster.registry}/glovebox`,
  }).prepare({ base: { kind: "default" }, layers: [] });
  return preparing;
}
