import type { Me, Role, User } from "@glovebox/client";
import { useQuery } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { api, dataOf, setCsrf } from "./api.ts";

export type { Role };

export interface SignedIn {
  readonly user: User;
  readonly role: Role;
  readonly version: string;
}

/** Who is logged in; fails with 401 when nobody is. */
export function useSession() {
  return useQuery({ queryKey: ["me"], queryFn: getMe, staleTime: 60_000 });
}

async function getMe(): Promise<Me> {
  const me = await dataOf(api.GET("/v1/me"));
  setCsrf(me.csrf);
  return me;
}

const MeContext = createContext<SignedIn | undefined>(undefined);

export const MeProvider = MeContext.Provider;

/** The user of this page. */
export function useMe(): SignedIn {
  const me = useContext(MeContext);
  if (me === undefined) throw new Error("This component needs a user");
  return me;
}

/** As {@link useMe}, for parts that a share link shows as well. */
export function useMaybeMe(): SignedIn | undefined {
  return useContext(MeContext);
}
