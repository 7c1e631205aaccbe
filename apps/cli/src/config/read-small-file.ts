import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { InvalidOptionsError } from "@glovebox/core/provider";

/** The text of a file that a person names or a folder holds; `undefined` when there is none. A pipe does not block. */
export async function readSmallFile(path: string, mostBytes = 1024 * 1024): Promise<string | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const info = await file.stat();
      if (!info.isFile()) throw new InvalidOptionsError(`${path} is not a file`);
      if (info.size > mostBytes) throw new InvalidOptionsError(`${path} is larger than ${mostBytes} bytes`);
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (error instanceof InvalidOptionsError) throw error;
    throw new InvalidOptionsError(`${path} cannot be read: ${code ?? String(error)}`, { cause: error });
  }
}
