/**
 * Makes the folder that the files go into and resolves to its real path. `invalid-options` when it is a file, the root
 * of the disk, the home folder or the workspace itself.
 */
export async function prepareOutputDirectory(outputDir: string, workspace?: string): Promise<string> {
  throw new Error(`not there yet: ${outputDir} ${workspace}`);
}
