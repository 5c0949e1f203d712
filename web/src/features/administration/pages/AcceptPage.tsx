import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { AcceptView } from "../parts/AcceptView";

const route = getRouteApi("/invitation/$token");

export function AcceptPage() {
  const { token } = route.useParams();
  const router = useRouter();
  const queryClient = useQueryClient();
  const enter = () => {
    queryClient.clear();
    router.history.push("/");
  };
  return <AcceptView token={token} onEnter={enter} />;
}
