import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { readHostFile, readHostText } from "@glovebox/core/host-files";
import { InvalidOptionsError, type TemplateBase } from "@glovebox/core/provider";
import { replaceFile } from "@glovebox/core/state";
import { applyEdits, modify } from "jsonc-parser";
import { openProject, type WorkerProject } from "../commands/project/worker-project.ts";

type DockerfileBase = Extract<TemplateBase, { kind: "dockerfile" }>;

/** The files of a project's own image that every image of it needs. */
const ownFiles = ["install-harness.mjs", "setup-sandbox.mjs", "supervisor.cjs"];
const ownStage = "glovebox";

/** The name that the image of a Dockerfile has at the Worker: of its content, and so the same for the same content. */
export async function imageNameOf(base: DockerfileBase): Promise<string> {
  const { contextDigest, readBuildContext } = await import("@glovebox/image-builder/description");
  const context = await readBuildContext(resolve(base.path));
  const inputs = [await contextDigest(context), context.dockerfile, Object.entries(base.buildArgs ?? {}).sort()];
  return `t-${createHash("sha256").update(JSON.stringify(inputs)).digest("hex").slice(0, 12)}`;
}

/**
 * Adds the image of a Dockerfile to the Worker's project in the current directory: its build context in `image-NAME`, and its
 * name in `wrangler.jsonc`. Resolves to the project's directory, and whether the image was there.
 */
export async function addProjectImage(
  base: DockerfileBase,
  name: string,
  cwd: string,
): Promise<{ readonly directory: string; readonly wasThere: boolean }> {
  const project = await openProject(undefined, cwd);
  const directory = relative(cwd, project.directory) || ".";
  if (project.images.has(name)) return { directory, wasThere: true };
  if (!project.images.has("base")) {
    throw new InvalidOptionsError("The Worker's project has no image of its own, on which others could be built", {
      hint: "Run `glovebox cloudflare init --own-image`.",
    });
  }
  await writeContext(project, base, name);
  const text = (await readHostText(project.configFile)) ?? "";
  const path = ["containers", 0, "images", name];
  const image = { dockerfile: `./image-${name}/Dockerfile`, ...(base.buildArgs && { build_vars: base.buildArgs }) };
  const edits = modify(text, path, image, { formattingOptions: { insertSpaces: true, tabSize: 2 } });
  await replaceFile(project.configFile, applyEdits(text, edits));
  return { directory, wasThere: false };
}

async function writeContext({ directory }: WorkerProject, base: DockerfileBase, name: string): Promise<void> {
  const { copyBuildContext, readBuildContext } = await import("@glovebox/image-builder/description");
  const context = await readBuildContext(resolve(base.path));
  const partial = await mkdtemp(join(directory, ".making-"));
  try {
    await copyBuildContext(context, partial);
    await mkdir(join(partial, ".glovebox"));
    for (const file of ownFiles) {
      const bytes = await readHostFile(join(directory, "image", file));
      if (bytes === undefined) throw new InvalidOptionsError(`${join(directory, "image", file)} is missing`);
      await writeFile(join(partial, ".glovebox", file), bytes);
    }
    const own = (await readHostText(join(directory, "image/Dockerfile"))) ?? "";
    // A context may leave our files out by its own rules.
    await writeFile(join(partial, "Dockerfile.dockerignore"), "");
    await writeFile(join(partial, "Dockerfile"), composed(own, context.dockerfileText));
    const place = join(directory, `image-${name}`);
    // What is left of an attempt that ended before the name was written.
    if ((await stat(place).catch(() => undefined))?.isDirectory()) await rm(place, { recursive: true });
    await rename(partial, place);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** The project's own image as a first stage, the user's Dockerfile on top of it or beside it, and what a sandbox needs. */
function composed(own: string, user: string): string {
  const first = own
    .replace(/^FROM (\$\{BASE\}|\S+)\s*$/m, `FROM $1 AS ${ownStage}`)
    .replace(/^COPY (install-harness\.mjs|setup-sandbox\.mjs|supervisor\.cjs) /gm, "COPY .glovebox/$1 ");
  // Before the first FROM, a build argument may name a stage.
  const lines = user.split("\n").filter((line) => !/^\s*ARG\s+GLOVEBOX_BASE\s*$/.test(line));
  return [
    `ARG GLOVEBOX_BASE=${ownStage}`,
    first.trimEnd(),
    "",
    "# What the template describes.",
    lines.join("\n").trimEnd(),
    "",
    "# What a sandbox needs.",
    "USER root",
    `COPY --from=${ownStage} /opt/glovebox /opt/glovebox`,
    'RUN ["/opt/glovebox/bin/node", "/opt/glovebox/setup-sandbox.mjs"]',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the Dockerfile's own variable.
    "ENV PATH=/home/agent/.npm-global/bin:/home/agent/.local/bin:${PATH:-/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}",
    "WORKDIR /workspace",
    "",
  ].join("\n");
}
