// Before any test: the sandbox image is there, built once rather than by the first tests that need it at the same time.
import { createClaudeCode } from "@glovebox/harness-claude-code";
import { createDockerProvider } from "@glovebox/provider-docker";

const start = performance.now();
const template = await createDockerProvider().prepare(
  { base: { kind: "default" }, layers: [createClaudeCode().template()] },
  { onProgress: ({ message }) => process.stderr.write(`${message}\n`) },
);
if (!template.reused) {
  process.stderr.write(`The sandbox image took ${Math.round((performance.now() - start) / 1000)} s\n`);
}
