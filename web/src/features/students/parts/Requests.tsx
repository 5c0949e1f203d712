import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listQuery } from "../../../api/lists";
import { Bidi } from "../../../ui/Bidi";
import { Loaded } from "../../../ui/Loaded";
import { AnchorLink } from "../../../ui/links";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { StatusBadge } from "../../../ui/StatusBadge";

/** What was asked for the student, as far as the reader handles it or asked it. */
export function Requests({ student }: { student: number }) {
  const { t } = useTranslation();
  const query = useQuery(listQuery("/api/v1/academics/requests/", { student, page_size: 20 }));
  return (
    <Panel title={t("students.requests.title")} flush>
      <Loaded query={query} rows={1}>
        {({ results }) => (
          <SmallTable
            caption={t("students.requests.title")}
            rows={results}
            rowId={(row) => row.id}
            empty={t("students.requests.empty")}
            columns={[
              {
                id: "title",
                header: t("students.requests.subject"),
                cell: (row) => (
                  <>
                    <AnchorLink to="/requests/$id" params={{ id: String(row.id) }}>
                      <Bidi>{row.title}</Bidi>
                    </AnchorLink>
                    <Text size="xs" c="dimmed">
                      <Bidi>{row.type_name}</Bidi>
                    </Text>
                  </>
                ),
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
