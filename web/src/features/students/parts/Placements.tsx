import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../../api/lists";
import { Bidi } from "../../../ui/Bidi";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import type { Student } from "../queries";

/** Where the student has belonged, latest first. */
export function Placements({ student }: { student: Student }) {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useQuery(
    listQuery("/api/v1/academics/students/{pk}/placements/", { page_size: 50 }, { pk: student.id }),
  );
  return (
    <Panel title={t("students.placements.title")} flush>
      <Loaded query={query}>
        {({ results }) => (
          <SmallTable
            caption={t("students.placements.title")}
            rows={results}
            rowId={(row) => row.id}
            empty={t("students.placements.empty")}
            columns={[
              {
                id: "group",
                header: t("students.fields.group"),
                cell: (row) => (
                  <>
                    <Bidi>{row.group_name}</Bidi> · <Bidi>{row.batch_name}</Bidi>
                  </>
                ),
              },
              {
                id: "from",
                header: t("students.placements.from"),
                cell: (row) => format.date(row.from_date),
              },
              {
                id: "to",
                header: t("students.placements.to"),
                cell: (row) => (row.to_date ? format.date(row.to_date) : t("students.placements.now")),
              },
              {
                id: "reason",
                header: t("students.placements.reason"),
                cell: (row) => <Bidi>{row.reason}</Bidi>,
              },
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
}
