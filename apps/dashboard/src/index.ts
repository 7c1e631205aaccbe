/**
 * Where the built web app of a Glovebox server is.
 *
 * @module @glovebox/dashboard
 */
export { dashboardDirectory } from "./dashboard-directory.ts";
