import type { TemplateLayer } from "@glovebox/core/provider";

/** The harness of the image that `tooling/prepare-engines` builds: tests that prepare a template find it on the engine. */
export const testLayers: readonly TemplateLayer[] = [
  {
    id: "claude-code",
    npmPackage: "@anthropic-ai/claude-code",
    npmVersion: "2.1.328",
    check: { argv: ["claude", "--version"], prints: "2.1.328" },
  },
];
