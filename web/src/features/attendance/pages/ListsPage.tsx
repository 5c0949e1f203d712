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
import { AnchorLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { ListForm } from "../forms/ListForm";
import { ListStatus } from "../parts/ListStatus";
import { LIST_STATUSES, LISTS, type ListedList } from "../queries";

const route = getRouteApi("/shell/attendance/eligibility-lists");

/** Lists of who may sit: drawn up, frozen as evidence, followed by the next. */
export function ListsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [isOpen, { open, close }] = useDisclosure(false);
  const columns = useColumns();
  const create = can("attendance.eligibility") && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      {t("attendance.lists.create")}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t("attendance.lists.title")}
        lead={t("attendance.lists.lead")}
        up={<AnchorLink to="/attendance/eligibility">{t("attendance.standings.title")}</AnchorLink>}
        actions={create}
      />
      <DataTable
        path={LISTS}
        caption={t("attendance.lists.title")}
        columns={columns}
        rowId={(row) => row.id}
        rowLink={(row) =>
          linkOptions({ to: "/attendance/eligibility-lists/$id", params: { id: String(row.id) } })
        }
        search={search}
        filters={[
          {
            name: "status",
            label: t("attendance.corrections.status"),
            options: LIST_STATUSES.map((value) => ({
              value,
              label: label("attendance.lists.statuses", value),
            })),
          },
        ]}
        empty={{
          title: t("attendance.lists.empty"),
          detail: create ? t("attendance.lists.emptyDetail") : t("attendance.lists.emptyOther"),
          action: create,
        }}
      />
      <FormDialog opened={isOpen} onClose={close} size="xl" title={t("attendance.lists.create")}>
        <ListForm
          onDone={(made) =>
            void navigate({ to: "/attendance/eligibility-lists/$id", params: { id: String(made.id) } })
          }
        />
      </FormDialog>
    </>
  );
}

function useColumns(): Column<ListedList>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo<Column<ListedList>[]>(
    () => [
      {
        id: "title",
        header: t("attendance.lists.name"),
        sort: "title",
        cell: (row) => <Bidi>{row.title}</Bidi>,
      },
      {
        id: "number",
        header: t("attendance.lists.number"),
        sort: "number",
        align: "end",
        cell: (row) => format.number(row.number),
      },
      {
        id: "status",
        header: t("attendance.corrections.status"),
        sort: "status",
        cell: (row) => <ListStatus status={row.status} />,
      },
      {
        id: "days",
        header: t("attendance.lists.days"),
        sort: "last_day",
        cell: (row) =>
          t("attendance.mine.span", { from: format.date(row.first_day), to: format.date(row.last_day) }),
      },
      {
        id: "frozen",
        header: t("attendance.lists.frozen"),
        cell: (row) =>
          row.frozen_at && (
            <>
              <Moment at={row.frozen_at} /> · <Bidi>{row.frozen_by}</Bidi>
            </>
          ),
      },
    ],
    [t, format],
  );
}
