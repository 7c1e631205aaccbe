import { fileURLToPath } from "node:url";

/**
 * Absolute path, on the host, of the one bundled file that a sandbox holds. `pnpm build` makes it; it needs Node 20.19 or
 * newer and nothing else. The same from a checkout and from a published package.
 */
export const supervisorFile: string = fileURLToPath(new URL("../dist/supervisor.cjs", import.meta.url));
