import type { ComponentKind } from "../component-kind.ts";

/** A component that somebody named. */
export interface ComponentRequest {
  readonly kind: ComponentKind;
  /** `name`, `category/name`, `category/sub/name`, `source:category/name` or `./path`. */
  readonly name: string;
}
