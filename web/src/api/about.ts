// What runs here, for anybody who is signed in.
import { queryOptions } from "@tanstack/react-query";
import { client, ok } from "./client";

export const aboutQuery = queryOptions({
  queryKey: ["/api/v1/about/"],
  queryFn: ({ signal }) => ok(client.GET("/api/v1/about/", { signal })),
});
