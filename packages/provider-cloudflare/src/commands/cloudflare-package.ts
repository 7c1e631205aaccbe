import { createRequire } from "node:module";
import { dirname } from "node:path";
import { readHostTextSync } from "@glovebox/core/host-files";

/** The installed package, which contains the Worker and the project templates. */
export interface CloudflarePackage {
  readonly directory: string;
  readonly version: string;
  /** The tested versions, by npm package: `wrangler` and others. */
  readonly tools: Readonly<Record<string, string>>;
}

/** Finds this package's own directory and manifest. */
export function cloudflarePackage(): CloudflarePackage {
  const file = createRequire(import.meta.url).resolve("@glovebox/provider-cloudflare/package.json");
  const manifest = JSON.parse(readHostTextSync(file) ?? "{}") as {
    readonly version: string;
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  return { directory: dirname(file), version: manifest.version, tools: manifest.devDependencies };
}
