import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getJson } from "../../api/transport";
import { useLabel } from "../../i18n/label";
import { Bidi } from "../Bidi";

type Named = { name: string; program_name?: string; batch_name?: string; course_name?: string };

const KEPT = 5 * 60_000;
const LISTS: Record<string, string> = {
  program: "/api/v1/academics/programs/",
  batch: "/api/v1/academics/batches/",
  group: "/api/v1/academics/groups/",
  section: "/api/v1/academics/sections/",
  course: "/api/v1/academics/courses/",
  period: "/api/v1/academics/academic-periods/",
  student: "/api/v1/academics/students/",
  department: "/api/v1/directory/departments/",
  person: "/api/v1/directory/persons/",
};

/** What a key of an audience is called: `batch:3` is "Batch: 2031 · MBBS". */
export function KeyName({ value }: { value: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  const [noun = "", id = ""] = value.split(":");
  const list = LISTS[noun];
  const url = `${list}${id}/`;
  const { data, isLoading } = useQuery({
    queryKey: [url],
    queryFn: ({ signal }) => getJson<Named>(url, signal),
    enabled: list !== undefined,
    staleTime: KEPT,
  });
  if (noun === "institution") return t("ui.audience.everybody");
  const kind = label("ui.audience.kinds", noun);
  const words = data
    ? [data.course_name, data.name, data.batch_name ?? data.program_name].filter(Boolean).join(" · ")
    : isLoading
      ? "…"
      : `#${id}`;
  if (noun === "role") return `${kind}: ${label("app.roles", id)}`;
  if (noun === "status") return `${kind}: ${label("ui.status", id)}`;
  return (
    <>
      {kind}: <Bidi>{list ? words : id}</Bidi>
    </>
  );
}
