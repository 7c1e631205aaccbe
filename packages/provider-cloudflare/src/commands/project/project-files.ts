import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { TemplateLayer } from "@glovebox/core/provider";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { shippedFile } from "@glovebox/image-builder";
import type { CloudflarePackage } from "../cloudflare-package.ts";

export interface ProjectChoices {
  /** The Worker's name. */
  readonly name: string;
  /** Whether containers start from Cloudflare's own image, so that no deploy needs Docker. */
  readonly managedImage: boolean;
  readonly harness: TemplateLayer;
}

/** The paths and contents of a project's files in this version. */
export type ProjectFiles = ReadonlyMap<string, Buffer>;

const ownImage = `,
      // Images by name. A deploy builds and pushes them with Docker.
      "images": { "base": { "dockerfile": "./image/Dockerfile" } }`;

const managedSetting = `,
      // The sandbox image: Cloudflare's, with Node. The first run installs Claude Code.
      "images": { "base": "cloudflare/debian-trixie" }`;

/** Assembles the project from the package's templates, the Worker's bundle and the supervisor. */
export async function projectFiles(source: CloudflarePackage, choices: ProjectChoices): Promise<ProjectFiles> {
  const templates = join(source.directory, "project");
  const values = valuesOf(source, choices);
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(templates, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = targetName(path.slice(templates.length + 1).replaceAll("\\", "/"));
    if (choices.managedImage && name.startsWith("image/")) continue;
    files.set(name, Buffer.from(fill(await readFile(path, "utf8"), values)));
  }
  files.set("src/glovebox/worker.js", await shipped(join(source.directory, "dist/worker.js")));
  if (!choices.managedImage) {
    // The supervisor of the Worker's build.
    const worker = createRequire(join(source.directory, "package.json"));
    const supervisor = join(dirname(worker.resolve("@glovebox/supervisor/package.json")), "dist/supervisor.cjs");
    for (const name of ["install-harness.mjs", "setup-sandbox.mjs"]) {
      files.set(`image/${name}`, await shippedFile(name));
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

/** Templates have other names, because npm omits or interprets some file names. */
function targetName(name: string): string {
  return name === "gitignore" ? ".gitignore" : name.replace(/\.template$/, "");
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`A project template requires ${name}`);
    return value;
  });
}

async function shipped(path: string): Promise<Buffer> {
  return await readFile(path).catch((cause: unknown) => {
    throw new InvalidOptionsError(`${path} is missing`, { hint: "In a checkout, run `pnpm build`.", cause });
  });
}
