import { type SandboxErrorOptions, SandboxFileError } from "@glovebox/core/provider";

/** The guest would rather have a large folder read in another way. */
export class LargeFolderError extends SandboxFileError {
  readonly entries: number;

  constructor(message: string, { entries, ...options }: SandboxErrorOptions & { readonly entries: number }) {
    super(message, options);
    this.entries = entries;
  }
}
