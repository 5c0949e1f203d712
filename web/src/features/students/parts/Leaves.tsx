import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../../api/lists";
import { useLabel } from "../../../i18n/label";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { AnchorLink } from "../../../ui/links";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { StatusBadge } from "../../../ui/StatusBadge";

export function Leaves({ person }: { person: number }) {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const query = useQuery(listQuery("/api/v1/directory/leaves/", { person, page_size: 20 }));
  return (
    <Panel title={t("students.leaves.title")} flush>
      <Loaded query={query} rows={1}>
        {({ results }) => (
          <SmallTable
            caption={t("students.leaves.title")}
            rows={results}
            rowId={(row) => row.id}
            empty={t("students.leaves.empty")}
            columns={[
              {
                id: "kind",
                header: t("students.leaves.kind"),
                cell: (row) => (
                  <AnchorLink to="/directory/leave/$id" params={{ id: String(row.id) }}>
                    {label("students.leaveKind", row.kind)}
                  </AnchorLink>
                ),
              },
              {
                id: "from",
                header: t("students.leaves.days"),
                cell: (row) =>
                  `${format.date(row.start_date)} – ${row.end_date ? format.date(row.end_date) : "…"}`,
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
