import { queryOptions } from "@tanstack/react-query";
import { client, ok } from "../../api/client";

const A_WHILE = 5 * 60_000;

/** Whether one may apply here now. Where several institutions live, nobody knows which is meant: then it is silent. */
export const openIntakesQuery = queryOptions({
  queryKey: ["open intakes"],
  queryFn: ({ signal }) => ok(client.GET("/api/v1/academics/apply/intakes/", { signal })),
  staleTime: A_WHILE,
  retry: false,
  select: ({ intakes }) => intakes.length > 0,
});
