import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The files that take longer than two minutes, in the order in which they start: begun last, one of them would run on alone. */
const longest = [
  "packages/provider-cloudflare/test/conformance.test.ts",
  "release/test/installs.test.ts",
  "apps/cli/test/life-outcomes.test.ts",
  "packages/provider-e2b/test/conformance.test.ts",
  "packages/provider-kubernetes/test/conformance.test.ts",
  "packages/provider-kubernetes/test/node-loss.test.ts",
  "apps/cli/test/cloudflare-dev.test.ts",
  "apps/cli/test/e2b-run.test.ts",
  "packages/provider-docker/test/conformance.test.ts",
  "packages/provider-kubernetes/test/kubernetes-provider.test.ts",
  "packages/provider-kubernetes/test/image/prepare-template.test.ts",
  "packages/provider-kubernetes/test/manifests.test.ts",
  "apps/cli/test/cloudflare-run.test.ts",
  "apps/cli/test/docs-guides.test.ts",
  "apps/cli/test/examples.test.ts",
  "apps/cli/test/life-template.test.ts",
  "apps/cli/test/life-batch.test.ts",
  "apps/cli/test/cli-ports-ssh.test.ts",
];

/** Starts the longest test files first, so that no worker ends long before the other. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = longest.findIndex((name) => moduleId.endsWith(`/${name}`));
      return index < 0 ? longest.length : index;
    };
    return sorted.sort((one, other) => rank(one) - rank(other));
  }
}
