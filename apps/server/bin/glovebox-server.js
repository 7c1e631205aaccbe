#!/usr/bin/env node
import { checkNodeVersion } from "@glovebox/core/node-version";

if (checkNodeVersion("glovebox-server")) await import("../dist/main.js");
