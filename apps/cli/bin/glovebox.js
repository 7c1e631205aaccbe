#!/usr/bin/env sh
":" //; exec node -- "$0" "$@"
// sh starts Node by the line above, which is a comment to Node. Without the `--`, Node takes the option --env-file for its own,
// wherever it stands.
import { setFlagsFromString } from "node:v8";
import { checkNodeVersion } from "@glovebox/core/node-version";

// The space for young objects stays as small as it begins: what passes through is bytes outside the heap. Without it, a
// process holds 25 MB more, and is no faster.
setFlagsFromString("--semi-space-growth-factor=1");

if (checkNodeVersion("glovebox")) await import("../dist/main.js");
