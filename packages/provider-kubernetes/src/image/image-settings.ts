import type { ImageEngineCommand } from "@glovebox/image-builder";

/** The settings that say where images come from. */
export interface ImageSettings {
  /** A registry and path to which images are pushed: `registry.example/team/glovebox`. Default: images must be on the nodes. */
  readonly registry?: string | undefined;
  /** The command that builds and pushes. Default: the first that answers. */
  readonly imageEngine?: ImageEngineCommand | undefined;
  /** What images and nodes run on: `amd64` or `arm64`. Default: as this host. */
  readonly architecture?: string | undefined;
}
