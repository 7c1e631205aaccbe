import { type SandboxErrorOptions, SandboxFileError } from "@glovebox/core/provider";

/** The guest would rather have a large directory read in another way. */
export class LargeDirectoryError extends SandboxFileError {
  readonly entries: number;

  constructor(message: string, { entries, ...options }: SandboxErrorOptions & { readonly entries: number }) {
    super(message, options);
    this.entries = entries;
  }
}
