import { Button } from "@mantine/core";
import { IconPencil, IconPlus } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { RequirementForm } from "../forms/RequirementForm";
import { REQUIREMENTS, type Requirement } from "../queries";

const route = getRouteApi("/shell/obligations/requirements");

/** What the registry asks of people: papers, and what goes on their records. */
export function RequirementsPage() {
  const { t } = useTranslation();
  const [edited, setEdited] = useState<Requirement | "new" | null>(null);
  const columns = useColumns(setEdited);
  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={() => setEdited("new")}>
      {t("obligations.requirements.create")}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t("obligations.requirements.title")}
        lead={t("obligations.requirements.lead")}
        up={<AnchorLink to="/obligations">{t("obligations.title")}</AnchorLink>}
        actions={create}
      />
      <DataTable
        path={REQUIREMENTS}
        caption={t("obligations.requirements.title")}
        columns={columns}
        rowId={(row) => row.id}
        search={route.useSearch()}
        filters={[
          {
            name: "is_active",
            label: t("obligations.fields.status"),
            options: [
              { value: "true", label: t("obligations.requirements.active") },
              { value: "false", label: t("obligations.requirements.inactive") },
            ],
          },
        ]}
        empty={{
          title: t("obligations.requirements.empty"),
          detail: t("obligations.requirements.emptyDetail"),
          action: create,
        }}
      />
      <FormDialog
        opened={edited !== null}
        onClose={() => setEdited(null)}
        size="xl"
        title={edited === "new" ? t("obligations.requirements.create") : t("obligations.requirements.edit")}
      >
        <RequirementForm
          {...(edited === null || edited === "new" ? {} : { requirement: edited })}
          onDone={() => setEdited(null)}
        />
      </FormDialog>
    </>
  );
}

function useColumns(edit: (row: Requirement) => void): Column<Requirement>[] {
  const { t } = useTranslation();
  const { date } = useFormat();
  return useMemo<Column<Requirement>[]>(
    () => [
      {
        id: "title",
        header: t("obligations.fields.title"),
        sort: "title",
        cell: (row) => <Bidi>{row.title}</Bidi>,
      },
      {
        id: "kind",
        header: t("obligations.fields.kind"),
        cell: (row) => (row.field ? t(`obligations.profile.${row.field}`) : t("obligations.kinds.document")),
      },
      {
        id: "due",
        header: t("obligations.fields.due"),
        sort: "due_on",
        cell: (row) =>
          row.due_on
            ? date(row.due_on)
            : row.due_after_days === null
              ? t("obligations.noTerm")
              : t("obligations.requirements.afterDays", { count: row.due_after_days }),
      },
      {
        id: "locks",
        header: t("obligations.fields.locks"),
        cell: (row) => row.locks.map((point) => t(`obligations.locks.${point}`)).join(t("ui.comma")),
      },
      {
        id: "active",
        header: t("obligations.fields.status"),
        cell: (row) => <StatusBadge status={row.is_active ? "active" : "inactive"} />,
      },
      {
        id: "edit",
        header: t("ui.edit"),
        cell: (row) => (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPencil size={14} aria-hidden="true" />}
            onClick={() => edit(row)}
          >
            {t("ui.edit")}
          </Button>
        ),
      },
    ],
    [t, date, edit],
  );
}
