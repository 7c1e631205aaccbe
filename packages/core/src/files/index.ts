export { type ApplyPlanOptions, type ApplyReport, applyPlan } from "./apply-plan.ts";
export { type Collection, type CollectOptions, collectWorkspace } from "./collect-workspace.ts";
export { defaultIgnores } from "./default-ignores.ts";
export { type ListOptions, listWorkspace } from "./list-workspace.ts";
export { type ApplyConflict, type ApplyPlan, type PlanApplyOptions, planApply } from "./plan-apply.ts";
export { type UploadOptions, uploadWorkspace } from "./upload-workspace.ts";
