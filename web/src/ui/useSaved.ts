import { useQueryClient } from "@tanstack/react-query";

/** Makes queries stale by the beginning of their key: a list, its parts and its records. */
export function useSaved(...prefixes: string[]): () => Promise<void> {
  const queryClient = useQueryClient();
  return async () => {
    await queryClient.invalidateQueries({
      predicate: ({ queryKey: [first] }) =>
        typeof first === "string" && prefixes.some((prefix) => first.startsWith(prefix)),
    });
  };
}
