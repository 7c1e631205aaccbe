import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

export interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Absent where compressing gains nothing. */
  readonly gzipped: Uint8Array<ArrayBuffer> | undefined;
}

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
const compressed: ReadonlySet<string> = new Set([".css", ".js", ".svg"]);

/** The files of `assets/`, by name. They are few and small, and stay in memory. None exist before the app is built. */
export async function readAssets(directory: string): Promise<ReadonlyMap<string, Asset>> {
  const assets = join(directory, "assets");
  const names = await readdir(assets).catch(() => []);
  return new Map(await Promise.all(names.map(async (name) => [name, await readAsset(assets, name)] as const)));
}

async function readAsset(directory: string, name: string): Promise<Asset> {
  const bytes = new Uint8Array(await readFile(join(directory, name)));
  const extension = extname(name);
  return {
    type: types[extension] ?? "application/octet-stream",
    bytes,
    gzipped: compressed.has(extension) ? new Uint8Array(await promisify(gzip)(bytes)) : undefined,
  };
}
