/** Two names that are one where files have no case, or letters may be written in two ways. */
export function foldedName(name: string): string {
  return name.normalize("NFC").toLowerCase();
}
