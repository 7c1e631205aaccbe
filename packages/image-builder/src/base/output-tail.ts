/** The end of what a program printed; where it could not even be started, the reason. */
export function outputTail(result: { readonly all?: unknown; readonly shortMessage?: string | undefined }): string {
  const output = typeof result.all === "string" ? result.all.trim() : "";
  return (output || (result.shortMessage ?? "")).slice(-2000);
}
