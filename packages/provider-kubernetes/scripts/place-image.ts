// Before any test: the sandbox image is in the cluster's registry and on its nodes, rather than that the first tests wait for it.
import { providerIn, specOf } from "../test/support/provider-in.ts";
import { createTestNamespace, testCluster } from "../test/support/test-cluster.ts";
import { testTemplate } from "../test/support/test-template.ts";

const template = await testTemplate();
await using namespace = await createTestNamespace();
await Promise.all(
  testCluster.nodes.map(async (node) => {
    const provider = providerIn(namespace.name, { nodeSelector: { "kubernetes.io/hostname": node } });
    await (await provider.create(specOf(template))).destroy();
  }),
);
