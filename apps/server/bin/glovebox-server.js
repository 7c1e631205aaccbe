#!/usr/bin/env node
// Committed, so that the package manager finds it before the first build.
import "../dist/main.js";
