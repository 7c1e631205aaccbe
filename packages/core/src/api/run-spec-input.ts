import type { RunSpec } from "../run/run-spec.ts";

/** A `RunSpec` whose state directory may be left to its default: `$GLOVEBOX_HOME` or `~/.glovebox`. */
export type RunSpecInput = Omit<RunSpec, "home"> & Partial<Pick<RunSpec, "home">>;
