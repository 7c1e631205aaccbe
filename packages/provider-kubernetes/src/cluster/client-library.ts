import type * as ClientNode from "@kubernetes/client-node";
import type * as Serializer from "@kubernetes/client-node/dist/gen/models/ObjectSerializer.js";

/** The client library, with the one of its parts that its index leaves out. */
export type ClientLibrary = typeof ClientNode & Pick<typeof Serializer, "ObjectSerializer">;

let loading: Promise<ClientLibrary> | undefined;

/** Loads the client library at its first use: it takes about a second, and 90 MB. */
export function loadClientLibrary(): Promise<ClientLibrary> {
  loading ??= load();
  return loading;
}

async function load(): Promise<ClientLibrary> {
  const library = await import("@kubernetes/client-node");
  const { ObjectSerializer } = await import("@kubernetes/client-node/dist/gen/models/ObjectSerializer.js");
  return { ...library, ObjectSerializer };
}
