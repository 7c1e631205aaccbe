import type { RequestListener } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import { pack } from "tar-stream";

/** An npm package as the registry has it. */
interface NpmPackage {
  readonly manifest: Readonly<Record<string, unknown>> & { readonly name: string; readonly version: string };
  readonly tarball: Buffer;
}

async function npmPackage(
  manifest: NpmPackage["manifest"],
  files: Readonly<Record<string, string>>,
): Promise<NpmPackage> {
  const archive = pack();
  archive.entry({ name: "package/package.json" }, JSON.stringify(manifest));
  for (const [name, text] of Object.entries(files)) archive.entry({ name: `package/${name}` }, text);
  archive.finalize();
  return { manifest, tarball: gzipSync(await buffer(archive)) };
}

const wheelScript = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    info = "gb_demo-1.0.0.dist-info/"
    wheel.writestr("gb_demo.py", "greeting = 'from the wheel'\\n")
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: gb-demo\\nVersion: 1.0.0\\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "RECORD", "gb_demo.py,,\\n" + info + "METADATA,,\\n" + info + "WHEEL,,\\n" + info + "RECORD,,\\n")
`;

/**
 * A registry below `/npm/` (gb-main, which needs gb-leaf; both have a script that runs after the installation) and an
 * index below `/simple/` (gb-demo). `directory` takes what is made for it.
 */
export async function packageServer(directory: string): Promise<RequestListener> {
  const version = "1.0.0";
  const scripts = (name: string) => ({ postinstall: `node -e "require('fs').writeFileSync('ran', '${name}')"` });
  const leaf = await npmPackage(
    { name: "gb-leaf", version, scripts: scripts("leaf") },
    { "index.js": "module.exports = 7;" },
  );
  const main = await npmPackage(
    { name: "gb-main", version, scripts: scripts("main"), dependencies: { "gb-leaf": "^1.0.0" } },
    { "index.js": "module.exports = 6 * require('gb-leaf');" },
  );
  const packages = new Map([leaf, main].map((one) => [one.manifest.name, one]));
  const wheel = "gb_demo-1.0.0-py3-none-any.whl";
  await execa("python3", ["-c", wheelScript, join(directory, wheel)]);
  const wheelBytes = await execa("cat", [join(directory, wheel)], { encoding: "buffer" });
  return (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://server");
    const [, area, name = "", rest] = pathname.split("/");
    const found = area === "npm" ? packages.get(name) : undefined;
    if (found !== undefined && rest === "-") return void response.end(found.tarball);
    if (found !== undefined) {
      const dist = { tarball: `https://${request.headers.host}/npm/${name}/-/${name}-${version}.tgz` };
      const versions = { [version]: { ...found.manifest, dist, hasInstallScript: true } };
      return void response.end(JSON.stringify({ name, "dist-tags": { latest: version }, versions }));
    }
    // pip reads no page that does not say what it is.
    if (area === "simple") response.setHeader("content-type", "text/html");
    if (pathname === "/simple/gb-demo/") return void response.end(`<a href="/files/${wheel}">${wheel}</a>`);
    if (pathname === `/files/${wheel}`) return void response.end(wheelBytes.stdout);
    response.writeHead(404).end();
  };
}
