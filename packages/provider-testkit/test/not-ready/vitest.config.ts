import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

/** Not among the repository's tests: another test runs it, to see what comes of it. */
export default defineConfig({
  ssr: { resolve: { conditions: ["@glovebox/source"] } },
  cacheDir: join(tmpdir(), "glovebox-vitest-cache"),
  test: { include: ["*.conformance.ts"], execArgv: ["--conditions=@glovebox/source"] },
});
