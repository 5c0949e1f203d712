// What the timetable screens ask the server.
import { queryOptions, useQuery } from "@tanstack/react-query";
import { client, ok } from "../../api/client";
import { Problem } from "../../api/problem";
import { getJson, type Query, urlOf, writeJson } from "../../api/transport";
import type { Answer, Page, Row } from "../../api/types";
import type { GridPayload } from "./grid/payload";
import type { Week } from "./grid/sheet";

export const WEEKS = "/api/v1/timetable/weeks/";
export const SESSIONS = "/api/v1/timetable/sessions/";

export type WeekHead = Row<"/api/v1/timetable/weeks/">;
export type Saved = Answer<"/api/v1/timetable/weeks/{pk}/save-grid/", "post"> & { moves?: Week["moves"] };
export type Moved = Answer<"/api/v1/timetable/weeks/{pk}/moves/publish/", "post">;
export type Consequences = NonNullable<Saved["consequences"]>;
export type Amendment = Row<"/api/v1/timetable/weeks/{pk}/changelog/">;

export type Session = Row<"/api/v1/timetable/sessions/">;
/** One session with what its reader may do with it now. */
export type SessionRecord = Answer<"/api/v1/timetable/sessions/{pk}/", "get">;
export type MyWeek = Answer<"/api/v1/timetable/my-week/", "get">;

export const AVAILABILITIES = "/api/v1/timetable/availabilities/";
export type Declared = Row<"/api/v1/timetable/availabilities/">;
export const SUBJECTS = ["person", "room", "group"] as const;
export type SubjectKind = (typeof SUBJECTS)[number];
export const LEVELS = ["unavailable", "avoid", "prefer"] as const;
export const SESSION_KINDS = ["lecture", "practical", "tutorial", "clinical", "other"] as const;
export const SESSION_STATUSES = ["scheduled", "completed", "cancelled"] as const;

export const CONFLICTS = "/api/v1/timetable/conflicts/";
export type Across = Answer<"/api/v1/timetable/conflicts/", "get">;
export const CANCEL_FOR_HOLIDAY = "/api/v1/timetable/sessions/cancel-for-holiday/";
export type HolidayCancelled = Answer<typeof CANCEL_FOR_HOLIDAY, "post">;

export type Availability = {
  id: number;
  name: string;
  is_free: boolean;
  label: string;
  capacity?: number | null;
};

export const sessionUrl = (id: number) => `${SESSIONS}${id}/`;
export const weekUrl = (id: number) => `${WEEKS}${id}/`;
export const weekKey = (id: number) => [WEEKS, id] as const;

export const weekQuery = (id: number) =>
  queryOptions({
    queryKey: weekKey(id),
    queryFn: ({ signal }) =>
      ok(client.GET("/api/v1/timetable/weeks/{pk}/", { params: { path: { pk: id } }, signal })),
  });

export const changelogQuery = (id: number) =>
  queryOptions({
    queryKey: [...weekKey(id), "changelog"],
    queryFn: ({ signal }) =>
      getJson<Page<Amendment>>(urlOf(`${weekUrl(id)}changelog/`, { page_size: 50 }), signal),
  });

export const myWeekQuery = (date: string) =>
  queryOptions({
    queryKey: ["/api/v1/timetable/my-week/", date],
    queryFn: ({ signal }) => getJson<MyWeek>(urlOf("/api/v1/timetable/my-week/", { date }), signal),
    refetchInterval: 5 * 60_000,
  });

export const roomDayQuery = (room: number, date: string) =>
  queryOptions({
    queryKey: [SESSIONS, "room", room, date],
    queryFn: ({ signal }) =>
      getJson<Page<Session>>(
        urlOf(SESSIONS, { room, start_date: date, end_date: date, ordering: "starts_at", page_size: 100 }),
        signal,
      ),
    refetchInterval: 60_000,
  });

export const acrossQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: [CONFLICTS, from, to],
    queryFn: ({ signal }) => getJson<Across>(urlOf(CONFLICTS, { from, to }), signal),
  });

export type Holiday = { id: number; name: string; start_date: string; end_date: string };

export const holidayQuery = (id: number) =>
  queryOptions({
    queryKey: [`/api/v1/directory/holidays/${id}/`],
    queryFn: ({ signal }) => getJson<Holiday>(`/api/v1/directory/holidays/${id}/`, signal),
  });

export const roomQuery = (id: number) =>
  queryOptions({
    queryKey: ["/api/v1/directory/places/", id],
    queryFn: ({ signal }) => getJson<Choice>(`/api/v1/directory/places/${id}/`, signal),
    staleTime: 5 * 60_000,
  });

export const periodQuery = (id: number) =>
  queryOptions({
    queryKey: ["/api/v1/academics/academic-periods/", id],
    queryFn: ({ signal }) => getJson<Choice>(`/api/v1/academics/academic-periods/${id}/`, signal),
    staleTime: 5 * 60_000,
  });

export const sessionQuery = (id: number) =>
  queryOptions({
    queryKey: [SESSIONS, id],
    queryFn: ({ signal }) => getJson<SessionRecord>(sessionUrl(id), signal),
  });

/** The published sessions of one day, to find the one that a cell of the grid has become. */
export const dayQuery = (date: string, batch: number | null) =>
  queryOptions({
    queryKey: [SESSIONS, "day", date, batch],
    queryFn: ({ signal }) =>
      getJson<Page<Session>>(
        urlOf(SESSIONS, { start_date: date, end_date: date, batch, ordering: "starts_at", page_size: 200 }),
        signal,
      ),
    staleTime: 60_000,
  });

/** One write; `preview` changes nothing and tells what it would do. */
export function saveGrid(
  id: number,
  version: number,
  body: GridPayload & { reason?: string; preview?: boolean },
  idempotencyKey?: string,
): Promise<Saved> {
  return writeJson<Saved>("POST", `${weekUrl(id)}save-grid/?include=conflicts`, body, {
    ifMatch: version,
    idempotencyKey,
  });
}

export function moveWeek(
  id: number,
  version: number,
  name: string,
  body: { reason?: string; preview?: boolean },
  idempotencyKey?: string,
): Promise<Moved> {
  return writeJson<Moved>("POST", `${weekUrl(id)}moves/${name}/`, body, { ifMatch: version, idempotencyKey });
}

const isAbsent = (error: unknown) =>
  error instanceof Problem && (error.status === 404 || error.status === 405);

/** A list of any path; null where the server does not (yet) offer it. */
export function optionalList<T>(path: string, search: Query) {
  return queryOptions({
    queryKey: [path, "optional", search],
    queryFn: async ({ signal }): Promise<T[] | null> => {
      try {
        return (await getJson<{ results: T[] }>(urlOf(path, search), signal)).results;
      } catch (error) {
        if (isAbsent(error)) return null;
        throw error;
      }
    },
  });
}

export type Choice = { id: number; name: string; code?: string; note?: string };
export type CourseChoice = Choice & { department: number | null; department_name?: string };

export function useChoices<T extends Choice>(path: string, search: Query, isAsked: boolean) {
  return useQuery({ ...optionalList<T>(path, search), enabled: isAsked });
}

const ALL_AT_ONCE = 200;

/** A whole list, page after page. */
export async function allOf<T>(path: string, search: Query): Promise<T[]> {
  const found: T[] = [];
  for (let page = 1; ; page += 1) {
    const answer = await getJson<Page<T>>(urlOf(path, { ...search, page, page_size: ALL_AT_ONCE }));
    found.push(...answer.results);
    if (!answer.next) return found;
  }
}
