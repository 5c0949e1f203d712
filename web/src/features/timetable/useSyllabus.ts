import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { listQuery } from "../../api/lists";
import type { SessionRecord } from "./queries";

const SYLLABUS = "/api/v1/academics/syllabus-items/";
const AT_MOST = 200;

/** What a session can teach: the items of its course, else those of its period, and what it teaches already. */
export function useSyllabus(session: SessionRecord): { value: string; label: string }[] {
  const of = session.course ? { course: session.course } : { academic_period: session.academic_period };
  const { data } = useQuery(listQuery(SYLLABUS, { ...of, page_size: AT_MOST, ordering: "order_no" }));
  return useMemo(() => {
    const offered = (data?.results ?? []).map(({ id, code, title }) => ({
      value: String(id),
      label: `${code} ${title}`.trim(),
    }));
    const known = new Set(offered.map(({ value }) => value));
    const taught = session.syllabus_items.map(({ id, name }) => ({ value: String(id), label: name }));
    return [...offered, ...taught.filter(({ value }) => !known.has(value))];
  }, [data, session.syllabus_items]);
}
