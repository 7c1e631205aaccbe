import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { InvalidOptionsError, TemplateError, type TemplateLayer } from "@glovebox/core/provider";
import { supervisorFile as builtSupervisor } from "@glovebox/supervisor";
import { shippedFile } from "../shipped-file.ts";

/** Everything but the base that goes into the default image. */
export interface ImageRecipe {
  /** The build context: the Dockerfile, its scripts and the supervisor. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** The harnesses' packages, `name@version`. */
  readonly packages: readonly string[];
  /** A digest (hexadecimal) of the image that this makes of a base. */
  digest(base: string): string;
}

const names = ["Dockerfile", "install-harness.mjs", "setup-sandbox.mjs"];
const packageName = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const packageVersion = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

/** Reads what the default image is made of. */
export async function readImageRecipe(
  layers: readonly TemplateLayer[],
  supervisorFile = builtSupervisor,
): Promise<ImageRecipe> {
  const packages = layers.map((layer) => {
    if (!packageName.test(layer.npmPackage) || !packageVersion.test(layer.npmVersion)) {
      throw new InvalidOptionsError(`Not an npm package at one version: ${layer.npmPackage}@${layer.npmVersion}`);
    }
    return `${layer.npmPackage}@${layer.npmVersion}`;
  });
  const supervisor = await readFile(supervisorFile).catch((cause: NodeJS.ErrnoException) => {
    throw new TemplateError(`The supervisor's file cannot be read: ${supervisorFile} (${cause.code})`, {
      hint: "In a checkout, `pnpm build` makes it.",
      cause,
    });
  });
  const contents = await Promise.all(names.map((name) => shippedFile(name)));
  const files: Record<string, Uint8Array> = { "supervisor.cjs": supervisor };
  names.forEach((name, index) => {
    files[name] = contents[index] as Buffer;
  });
  const sums = Object.entries(files).map(([name, bytes]) => [name, sha256(bytes)]);
  const digest = (base: string) => sha256(JSON.stringify([base, layers, sums]));
  return { files, packages, digest };
}

function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
