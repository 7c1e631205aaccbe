import type { TestProviderOptions } from "@glovebox/provider-testkit/certify";
import { createDockerProvider, createEngine, removeImages, resolveEngineEndpoint } from "../src/index.ts";

/** How the conformance suite is run against Docker. */
export const conformanceOptions: TestProviderOptions = {
  create: () => createDockerProvider(),
  unreachable: () => createDockerProvider({ host: "unix:///nonexistent/docker.sock" }),
  removeTemplate: async ({ reference }) => {
    await removeImages(createEngine(await resolveEngineEndpoint()), { references: [reference] });
  },
  faults: {
    upstream: (process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock").replace(/^tcp:/, "http:"),
    create: (host) => createDockerProvider({ host }),
    settings: (host) => ({ host }),
  },
  plugin: { module: new URL("../src/index.ts", import.meta.url).href },
};
