// Who is asking: the person, the institution and the permissions every screen is drawn from.
import { queryOptions, useMutation, useSuspenseQuery } from "@tanstack/react-query";
import type { LanguageCode } from "../i18n/i18n";
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

/** Keeps a language with the account, for other devices and for mail. */
export async function keepLanguage(language: LanguageCode): Promise<void> {
  await ok(client.POST("/api/v1/me/language/", { body: { language } }));
}

/** The screen does not wait for it. */
export function useKeepLanguage(): (language: LanguageCode) => void {
  return useMutation({ mutationFn: keepLanguage }).mutate;
}

export async function startImpersonation(userId: number, reason: string): Promise<void> {
  await ok(client.POST("/api/v1/admin/impersonation/start/", { body: { user_id: userId, reason } }));
}

export async function stopImpersonation(): Promise<void> {
  await ok(client.POST("/api/v1/admin/impersonation/stop/"));
}
