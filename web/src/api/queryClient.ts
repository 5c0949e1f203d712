// Cache policy: short-lived truth, retries only where the server gave no verdict.
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { asProblem } from "./problem";
import { needsProof } from "./proof";

const RETRIES = 2;

export function createQueryClient(onSignedOut: () => void): QueryClient {
  const watch = (error: unknown) => {
    const problem = asProblem(error);
    if (problem.status === 401 && !needsProof(problem)) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: watch }),
    mutationCache: new MutationCache({ onError: watch }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // A ward server is reachable without internet, which browsers report as offline.
        networkMode: "always",
        retry: (failures, error) => asProblem(error).isUndecided && failures < RETRIES,
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
