import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { WeekWorkspace } from "../parts/WeekWorkspace";
import { weekQuery } from "../queries";

const route = getRouteApi("/shell/timetable/weeks/$weekId");

export function WeekPage() {
  const { weekId } = route.useParams();
  const { cell } = route.useSearch();
  const { data } = useSuspenseQuery(weekQuery(Number(weekId)));
  return <WeekWorkspace key={data.id} week={data} at={cell} />;
}
