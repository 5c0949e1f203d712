import { queryOptions } from "@tanstack/react-query";
import { client, ok } from "../../api/client";
import { listQuery } from "../../api/lists";
import { Problem } from "../../api/problem";
import type { Answer } from "../../api/types";

export type SetupStep = Answer<"/api/v1/setup/", "get">["steps"][number];

const SHOWN = 6;

export const attentionQuery = listQuery("/api/v1/work/inbox-items/", { status: "open", page_size: SHOWN });

/** Who may not set the institution up is refused by the server and has no steps. */
export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: async ({ signal }): Promise<SetupStep[]> => {
    try {
      return (await ok(client.GET("/api/v1/setup/", { signal }))).steps;
    } catch (error) {
      if (error instanceof Problem && error.status === 403) return [];
      throw error;
    }
  },
});
