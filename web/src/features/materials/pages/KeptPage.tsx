import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { AnchorLink } from "../../../ui/links";
import { Moment } from "../../../ui/Moment";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { MaterialForm } from "../forms/MaterialForm";
import { type ListedMaterial, MATERIALS, STATUSES } from "../queries";

const route = getRouteApi("/shell/materials/kept");

/** What one shares: drafts, what is published, what was archived. */
export function KeptPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const navigate = route.useNavigate();
  const [isOpen, { open, close }] = useDisclosure(false);
  const columns = useColumns();
  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={open}>
      {t("materials.kept.create")}
    </Button>
  );
  return (
    <>
      <PageHeader
        title={t("materials.kept.title")}
        lead={t("materials.kept.lead")}
        up={<AnchorLink to="/materials">{t("materials.title")}</AnchorLink>}
        actions={create}
      />
      <DataTable
        path={MATERIALS}
        caption={t("materials.kept.title")}
        columns={columns}
        rowId={(row) => row.id}
        rowLink={(row) => linkOptions({ to: "/materials/kept/$id", params: { id: String(row.id) } })}
        search={route.useSearch()}
        filters={[
          {
            name: "status",
            label: t("materials.fields.status"),
            options: STATUSES.map((value) => ({ value, label: label("ui.status", value) })),
          },
        ]}
        empty={{ title: t("materials.kept.empty"), detail: t("materials.kept.emptyDetail"), action: create }}
      />
      <FormDialog opened={isOpen} onClose={close} size="xl" title={t("materials.kept.create")}>
        <MaterialForm
          onDone={({ id }) => void navigate({ to: "/materials/kept/$id", params: { id: String(id) } })}
        />
      </FormDialog>
    </>
  );
}

function useColumns(): Column<ListedMaterial>[] {
  const { t } = useTranslation();
  return useMemo<Column<ListedMaterial>[]>(
    () => [
      {
        id: "title",
        header: t("materials.fields.title"),
        sort: "title",
        cell: (row) => <Bidi>{row.title}</Bidi>,
      },
      {
        id: "course",
        header: t("materials.fields.course"),
        cell: (row) => <Bidi>{row.courses.join(t("ui.comma"))}</Bidi>,
      },
      { id: "kind", header: t("materials.fields.kind"), cell: (row) => t(`materials.kinds.${row.kind}`) },
      {
        id: "status",
        header: t("materials.fields.status"),
        sort: "status",
        cell: (row) => <StatusBadge status={row.status} />,
      },
      {
        id: "by",
        header: t("materials.fields.by"),
        isExtra: true,
        cell: (row) => <Bidi>{row.created_by_name}</Bidi>,
      },
      {
        id: "published_at",
        header: t("materials.fields.published_at"),
        sort: "published_at",
        cell: (row) => row.published_at && <Moment at={row.published_at} />,
      },
    ],
    [t],
  );
}
