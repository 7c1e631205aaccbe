import type { CommandContext } from "@glovebox/core/plugin";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { formatBytes, formatCount, formatDuration, safeName } from "@glovebox/core/text";
import type Docker from "dockerode";
import { listImages, removeImages } from "../image/docker-images.ts";
import { engineOf } from "./command-engine.ts";
import { findSandboxImages } from "./sandbox-images.ts";

export interface ListImageOptions {
  readonly allOwners?: boolean;
  readonly json?: boolean;
}

/** `glovebox image ls`. */
export async function printImages(options: ListImageOptions, context: CommandContext): Promise<number> {
  const engine = await engineOf(context);
  const images = await listImages(engine, ownerOf(options, context));
  const others = (await listImages(engine)).length - images.length;
  const { stdout, stderr } = context;
  if (options.json) for (const image of images) stdout.json(image);
  else if (images.length === 0 && others === 0) {
    stderr.line(context.asTyped("No images yet. `glovebox image build` builds one."));
  } else if (images.length > 0) {
    stdout.table(
      ["IMAGE", "KIND", "SIZE", "CREATED", "IN USE"],
      images.map((image) => [
        image.reference ?? image.id.slice(0, 19),
        image.kind,
        formatBytes(image.sizeBytes),
        `${formatDuration(Math.max(0, Date.now() - image.createdAt.getTime()))} ago`,
        String(image.containers),
      ]),
    );
  }
  if (others > 0)
    stderr.line(`${formatCount(others, "image")} of other owners not shown; use --all-owners to show them.`);
  return 0;
}

export interface RemoveImageOptions {
  readonly allOwners?: boolean;
  readonly all?: boolean;
  readonly old?: boolean;
}

/** `glovebox image rm`. */
export async function removeGloveboxImages(
  references: readonly string[],
  options: RemoveImageOptions,
  context: CommandContext,
): Promise<number> {
  const { all, old } = options;
  const choices = [references.length > 0, all, old].filter(Boolean).length;
  if (choices !== 1) {
    throw new InvalidOptionsError(
      choices === 0 ? "No image was named" : "Pass image names, --old or --all, not several of them",
      { hint: "Name images from `glovebox image ls`, or pass --old or --all." },
    );
  }
  const engine = await engineOf(context);
  const named = old ? await oldImages(engine, options, context) : references;
  const { removed, inUse } = await removeImages(engine, {
    ...ownerOf(options, context),
    ...(all ? {} : { references: named }),
  });
  for (const image of removed) context.stdout.line(safeName(image.reference ?? image.id));
  for (const image of inUse) context.stderr.line(`${safeName(image.reference ?? image.id)} is in use and stays`);
  return inUse.length > 0 && references.length > 0 ? 5 : 0;
}

/** Whose images are meant: this state directory's, unless all are asked for. */
function ownerOf(
  { allOwners }: { readonly allOwners?: boolean },
  context: CommandContext,
): { readonly owner?: string } {
  return allOwners ? {} : { owner: context.owner };
}

async function oldImages(
  engine: Docker,
  options: RemoveImageOptions,
  context: CommandContext,
): Promise<readonly string[]> {
  const layers = [(await context.loadHarness()).template()];
  const { current, older } = await findSandboxImages(engine, await context.settingsOf("docker").read(), layers);
  if (current === undefined) {
    throw new InvalidOptionsError("The image of this version does not exist yet, so no image is known to be older", {
      hint: "Build it with `glovebox image build`, or remove every image with --all.",
    });
  }
  const { owner } = ownerOf(options, context);
  const own = older.filter((image) => owner === undefined || (image.owner ?? owner) === owner);
  return own.map(({ reference }) => reference);
}
