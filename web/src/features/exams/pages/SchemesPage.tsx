import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { SchemeForm } from "../forms/SchemeForm";
import { SchemeScope } from "../parts/SchemeScope";
import { type ListedScheme, MANAGE_SCHEMES, SCHEME_STATUSES, SCHEMES } from "../queries";

const route = getRouteApi("/shell/assessment/grade-schemes");

/** Which letter a percentage is: every version of every scheme. */
export function SchemesPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const navigate = route.useNavigate();
  const [isOpen, { open, close }] = useDisclosure(false);
  const columns = useColumns();
  const create = can(MANAGE_SCHEMES) && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      {t("exams.schemes.create")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("exams.schemes.title")} lead={t("exams.schemes.lead")} actions={create} />
      <DataTable
        path={SCHEMES}
        caption={t("exams.schemes.title")}
        columns={columns}
        rowId={(row) => row.id}
        rowLink={(row) =>
          linkOptions({ to: "/assessment/grade-schemes/$id", params: { id: String(row.id) } })
        }
        search={route.useSearch()}
        filters={[
          {
            name: "status",
            label: t("exams.fields.state"),
            options: SCHEME_STATUSES.map((value) => ({ value, label: label("ui.status", value) })),
          },
        ]}
        empty={{ title: t("exams.schemes.none"), detail: t("exams.schemes.noneDetail"), action: create }}
      />
      <FormDialog opened={isOpen} onClose={close} size="xl" title={t("exams.schemes.create")}>
        <SchemeForm
          onDone={({ id }) =>
            void navigate({ to: "/assessment/grade-schemes/$id", params: { id: String(id) } })
          }
        />
      </FormDialog>
    </>
  );
}

function useColumns(): Column<ListedScheme>[] {
  const { t } = useTranslation();
  const { number } = useFormat();
  return useMemo<Column<ListedScheme>[]>(
    () => [
      { id: "name", header: t("exams.schemes.name"), sort: "name", cell: (row) => <Bidi>{row.name}</Bidi> },
      {
        id: "number",
        header: t("exams.schemes.version"),
        sort: "number",
        align: "end",
        cell: (row) => number(row.number),
      },
      {
        id: "status",
        header: t("exams.fields.state"),
        sort: "status",
        cell: (row) => <StatusBadge status={row.status} />,
      },
      {
        id: "scope",
        header: t("exams.schemes.scope"),
        cell: (row) => <SchemeScope scope={row.scope_key} />,
      },
      {
        id: "bands",
        header: t("exams.schemes.bands"),
        cell: (row) => (
          <bdi dir="ltr">
            {row.bands
              .map(({ letter, min_percent }) => `${letter} ${number(Number(min_percent))}`)
              .join(" · ")}
          </bdi>
        ),
      },
    ],
    [t, number],
  );
}
