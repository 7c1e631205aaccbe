import type { StartCommand, TemplateBase } from "@glovebox/core/provider";
import type { TemplateDescription } from "./template-description.ts";

/** A description, ready for a provider's `prepare` and for a run. */
export interface LoadedTemplate {
  readonly name: string;
  /** `NAME-0123456789ab`: the same for the same content, and another one after any change. */
  readonly id: string;
  /** The file that describes it. */
  readonly path: string;
  readonly description: TemplateDescription;
  readonly base: TemplateBase;
  /** Runs beside the harness: `RunSpec.start`. */
  readonly start?: StartCommand;
  /** For `RunSpec.env`. */
  readonly env: Readonly<Record<string, string>>;
  /** Exact versions of harnesses, by their names: the setting `version`. */
  readonly harnessVersions: Readonly<Record<string, string>>;
  /** What `buildDevcontainer` has to build before `base` exists. */
  readonly devcontainer?: { readonly config: string; readonly reference: string };
  /** What of the description has no effect here, each in one line. */
  readonly notices: readonly string[];
}
