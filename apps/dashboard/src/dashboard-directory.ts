import { fileURLToPath } from "node:url";

/**
 * The absolute path of the built web app: `index.html`, `preview/`, and `assets/`, whose names have the hash of what they
 * contain. In a clone it exists once `pnpm build` has run.
 */
export const dashboardDirectory: string = fileURLToPath(new URL("../dist/app/", import.meta.url));
