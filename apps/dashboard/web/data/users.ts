import type { User } from "@glovebox/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, dataOf } from "./api.ts";
import { useMaybeMe } from "./me.ts";

async function listUsers(): Promise<User[]> {
  return [...(await dataOf(api.GET("/v1/users"))).users];
}

/** All users: for admins only. */
export function useUsers() {
  return useQuery({ queryKey: ["users"], queryFn: listUsers });
}

/** The names of users by their ids. Only admins may know those of others. */
export function useUserNames(): ReadonlyMap<string, string> {
  const me = useMaybeMe();
  const { data } = useQuery({
    queryKey: ["users"],
    queryFn: listUsers,
    enabled: me?.role === "admin",
    staleTime: 60_000,
  });
  return useMemo(() => {
    const known = data ?? (me === undefined ? [] : [me.user]);
    return new Map(known.map(({ id, name }) => [id, name]));
  }, [data, me]);
}

export interface NewUser {
  readonly name: string;
  readonly role: User["role"];
}

export function useCreateUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewUser) => dataOf(api.POST("/v1/users", { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["users"] }),
  });
}

export interface UserChange {
  readonly id: string;
  readonly role?: User["role"];
  readonly limits?: User["limits"];
  readonly disabled?: boolean;
}

export function useChangeUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: UserChange) =>
      dataOf(api.PATCH("/v1/users/{id}", { params: { path: { id } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["users"] }),
  });
}
