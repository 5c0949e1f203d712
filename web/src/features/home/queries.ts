import { queryOptions } from "@tanstack/react-query";
import { listQuery } from "../../api/lists";
import { Problem } from "../../api/problem";
import { getJson } from "../../api/transport";
import type { Answer } from "../../api/types";

export type SetupStep = Answer<"/api/v1/setup/", "get">["steps"][number];

const SHOWN = 6;

export const attentionQuery = listQuery("/api/v1/work/inbox-items/", { status: "open", page_size: SHOWN });

/** Who may not set the institution up is refused (403) or told of nothing (404), and has no steps. */
export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: async ({ signal }): Promise<SetupStep[]> => {
    try {
      return (await getJson<{ steps: SetupStep[] }>("/api/v1/setup/", signal)).steps;
    } catch (error) {
      if (error instanceof Problem && (error.status === 403 || error.status === 404)) return [];
      throw error;
    }
  },
});
