import { queryOptions } from "@tanstack/react-query";
import { client, ok } from "../../api/client";
import type { Answer } from "../../api/types";

export const PREFERENCES = "/api/v1/comms/preferences/";
export type Preferences = Answer<typeof PREFERENCES, "get">;
export type Channel = Preferences["families"][number]["channels"][number];

export const FAMILIES = [
  "timetable",
  "attendance",
  "results",
  "documents",
  "obligations",
  "materials",
  "records",
  "requests",
  "leave",
  "announcements",
  "security",
] as const;
export const MODES = ["immediate", "daily", "weekly", "off"] as const;
/** What a field shows for "nothing chosen". */
export const USUAL = "usual";

export const preferencesQuery = queryOptions({
  queryKey: [PREFERENCES],
  queryFn: ({ signal }) => ok(client.GET("/api/v1/comms/preferences/", { signal })),
});
