/**
 * Finds, checks and installs components.
 *
 * @module @glovebox/components
 */
export type { Catalog } from "./catalog/catalog.ts";
export type { CatalogEntry, ExternalPlugin } from "./catalog/catalog-entry.ts";
export { type CheckedComponent, checkCatalog } from "./catalog/check-catalog.ts";
export { openCatalog } from "./catalog/open-catalog.ts";
export { openCatalogs } from "./catalog/open-catalogs.ts";
export { listCatalogs, type SearchOptions, type SearchResult, searchCatalogs } from "./catalog/search-catalogs.ts";
export { type ComponentKind, componentKinds } from "./component-kind.ts";
export type { ComponentVariable, ExpectedComponents, PlacedFile } from "./kinds/component-content.ts";
export { type ComponentLock, emptyLock, type LockedComponent } from "./lock/component-lock.ts";
export { formatLock, readLock, writeLock } from "./lock/lock-file.ts";
export { type ComponentChange, type LockUpdate, updateLock } from "./lock/update-lock.ts";
export type { ComponentRequest } from "./names/component-request.ts";
export { parseRequests } from "./names/parse-requests.ts";
export type { ComponentPlan, PlannedComponent } from "./plan/component-plan.ts";
export { installPlan } from "./plan/install-plan.ts";
export { type PlanOptions, planComponents } from "./plan/plan-components.ts";
export { type PlanParts, planParts } from "./plan/plan-parts.ts";
export { settingsEnv } from "./plan/settings-env.ts";
export { showComponent } from "./plan/show-component.ts";
export { directoryWorkspace, type WorkspaceReader } from "./plan/workspace-reader.ts";
export { type DownloadOptions, download } from "./sources/download.ts";
export { formatSource, lockedSource } from "./sources/format-source.ts";
export { parseSource } from "./sources/parse-source.ts";
export type { SourceContext } from "./sources/source-context.ts";
export { defaultSource, type SourceSpec } from "./sources/source-spec.ts";
