export type PluginKind = "provider" | "harness";
