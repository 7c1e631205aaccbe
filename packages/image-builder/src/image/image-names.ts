/** The label of every image that Glovebox makes. Its value is the owner's id, or 1 without an owner. */
export const imageLabel = "glovebox.image";

/** The label of a sandbox image that holds the name of the user's image below it. */
export const userImageLabel = "glovebox.user-image";

/** Returns the labels of an image that Glovebox makes for an owner. */
export function imageLabels(owner: string | undefined): Record<string, string> {
  return { [imageLabel]: owner ?? "1" };
}

/** The repositories of the images that Glovebox makes. */
export const imageRepositories = {
  sandbox: "glovebox/sandbox",
  base: "glovebox/base",
  user: "glovebox/user",
  /** Glovebox's own programs alone, to be copied beside a user's image. */
  tools: "glovebox/tools",
  certificates: "glovebox/certificates",
  snapshot: "glovebox/snapshot",
  /** Of sandboxes with a root inside, who may have changed what a sandbox is started by. */
  rootSnapshot: "glovebox/root-snapshot",
} as const;

/** What an image of Glovebox is for. */
export type ImageKind = keyof typeof imageRepositories;

/** The name for an image of a kind whose inputs have this digest (hexadecimal). */
export function imageReference(kind: ImageKind, digest: string): string {
  return `${imageRepositories[kind]}:${digest.slice(0, 12)}`;
}
