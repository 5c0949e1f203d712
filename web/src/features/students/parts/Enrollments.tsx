import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../../api/lists";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { Loaded } from "../../../ui/Loaded";
import { AnchorLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { StatusBadge } from "../../../ui/StatusBadge";
import type { Student } from "../queries";

/** The sections in which the student has or had a seat. */
export function Enrollments({ student }: { student: Student }) {
  const { t } = useTranslation();
  const query = useQuery(
    listQuery("/api/v1/academics/students/{pk}/enrollments/", { page_size: 100 }, { pk: student.id }),
  );
  return (
    <Panel title={t("students.enrollments.title")} flush>
      <Loaded query={query}>
        {({ results }) => (
          <SmallTable
            caption={t("students.enrollments.title")}
            rows={results}
            rowId={(row) => row.id}
            empty={t("students.enrollments.empty")}
            columns={[
              {
                id: "course",
                header: t("students.enrollments.section"),
                cell: (row) => (
                  <AnchorLink to="/academics/sections/$id" params={{ id: String(row.section) }}>
                    <Code>{row.course_code}</Code> <Bidi>{row.course_name}</Bidi> ·{" "}
                    <Bidi>{row.section_name}</Bidi>
                  </AnchorLink>
                ),
              },
              {
                id: "period",
                header: t("students.enrollments.period"),
                cell: (row) => <Bidi>{row.academic_period_name}</Bidi>,
              },
              {
                id: "at",
                header: t("students.enrollments.since"),
                cell: (row) => <Moment at={row.enrolled_at} />,
              },
              {
                id: "status",
                header: t("students.fields.status"),
                cell: (row) => <StatusBadge status={row.status} />,
              },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
}
