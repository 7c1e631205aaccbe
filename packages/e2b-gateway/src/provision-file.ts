import { fileURLToPath } from "node:url";

/** Absolute path of the script that makes of an image one for E2B's programs. The same from a checkout and when published. */
export const provisionFile: string = fileURLToPath(new URL("../image/provision.sh", import.meta.url));
