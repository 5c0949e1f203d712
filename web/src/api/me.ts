// Who is asking: the person, the institution and the permissions every screen is drawn from.
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { client, ok } from "./client";
import type { Answer } from "./types";

export type Me = Answer<"/api/v1/me/", "get">;
export type Permission = string;

const BADGE_INTERVAL = 60_000;

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => ok(client.GET("/api/v1/me/", { signal })),
  staleTime: BADGE_INTERVAL,
  refetchInterval: BADGE_INTERVAL,
});

/** Inside the shell, whose route has loaded it. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** True when the actor holds any of the permissions; none named means everybody. */
export function can(me: Me, ...anyOf: Permission[]): boolean {
  return anyOf.length === 0 || anyOf.some((permission) => me.permissions.includes(permission));
}

export function useCan(): (...anyOf: Permission[]) => boolean {
  const me = useMe();
  return (...anyOf) => can(me, ...anyOf);
}
