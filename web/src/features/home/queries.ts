import { queryOptions } from "@tanstack/react-query";
import { listQuery } from "../../api/lists";
import { getJson } from "../../api/transport";
import type { Answer } from "../../api/types";

export type SetupStep = Answer<"/api/v1/setup/", "get">["steps"][number];

const SHOWN = 6;

export const attentionQuery = listQuery("/api/v1/work/inbox-items/", { status: "open", page_size: SHOWN });

const POSTED = 3;

/** Whoever hears of things reads the board; an operator of the platform has none. */
export const BOARD_PERMISSION = "notification.view";
export const boardQuery = listQuery("/api/v1/comms/board/", { page_size: POSTED });

/** Whoever sees the drafts of weeks is told how far the institution has come; others would be refused. */
export const SETUP_PERMISSION = "week.view_drafts";

export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: async ({ signal }): Promise<SetupStep[]> =>
    (await getJson<{ steps: SetupStep[] }>("/api/v1/setup/", signal)).steps,
});
