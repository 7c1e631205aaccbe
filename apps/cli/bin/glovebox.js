#!/usr/bin/env node
import { checkNodeVersion } from "@glovebox/core/node-version";

if (checkNodeVersion("glovebox")) await import("../dist/main.js");
