import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { TemplateLayer } from "@glovebox/core/provider";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { CloudflarePackage } from "./cloudflare-package.ts";

export interface ProjectChoices {
  /** The Worker's name. */
  readonly name: string;
  /** Without an image of its own: containers start from Cloudflare's, and no deploy needs Docker. */
  readonly managedImage: boolean;
  readonly harness: TemplateLayer;
}

/** Paths and contents of a Worker's project, as this version writes them. */
export type ProjectFiles = ReadonlyMap<string, Buffer>;

const ownImage = `,
      // Named images. A deploy builds and pushes them, for which it needs Docker.
      "images": { "base": { "dockerfile": "./image/Dockerfile" } }`;

const managedSetting = `,
      // The image that sandboxes start from: one of Cloudflare's, with Node. Claude Code is put in at the first start.
      "images": { "base": "cloudflare/debian-trixie" }`;

/** Puts the project together from the templates of the package, the Worker's bundle and the supervisor. */
export async function projectFiles(source: CloudflarePackage, choices: ProjectChoices): Promise<ProjectFiles> {
  const templates = join(source.folder, "project");
  const values = valuesOf(source, choices);
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(templates, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = targetName(path.slice(templates.length + 1).replaceAll("\\", "/"));
    if (choices.managedImage && name.startsWith("image/")) continue;
    files.set(name, Buffer.from(fill(await readFile(path, "utf8"), values)));
  }
  files.set("src/glovebox/worker.js", await shipped(join(source.folder, "dist/worker.js")));
  if (!choices.managedImage) {
    const docker = dirname(createRequire(import.meta.url).resolve("@glovebox/provider-docker/package.json"));
    // The one that the Worker was made with.
    const worker = createRequire(join(source.folder, "package.json"));
    const supervisor = join(dirname(worker.resolve("@glovebox/supervisor/package.json")), "dist/supervisor.cjs");
    for (const name of ["install-harness.mjs", "setup-sandbox.mjs"]) {
      files.set(`image/${name}`, await shipped(join(docker, "image", name)));
    }
    files.set("image/supervisor.cjs", await shipped(supervisor));
  }
  return files;
}

function valuesOf({ tools, version }: CloudflarePackage, { name, managedImage, harness }: ProjectChoices) {
  return {
    name,
    version,
    images: managedImage ? "" : ownImage,
    managedImages: managedImage ? managedSetting : "",
    harness: `${harness.npmPackage}@${harness.npmVersion}`,
    wrangler: tools.wrangler ?? "latest",
    workersTypes: tools["@cloudflare/workers-types"] ?? "latest",
    typescript: "^5.9.0",
  };
}

/** npm leaves files out of a package, or acts on them, by their names. */
function targetName(name: string): string {
  return name === "gitignore" ? ".gitignore" : name.replace(/\.template$/, "");
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`A template of the project asks for ${name}`);
    return value;
  });
}

async function shipped(path: string): Promise<Buffer> {
  return await readFile(path).catch((cause: unknown) => {
    throw new InvalidOptionsError(`${path} is not there`, { hint: "In a checkout, `pnpm build` makes it.", cause });
  });
}
