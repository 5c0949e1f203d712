import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import type { Row } from "../../../api/types";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { ProgramForm } from "../forms/ProgramForm";
import { PROGRAM_STATUSES, PROGRAMS, STRUCTURES } from "../queries";

const route = getRouteApi("/shell/academics/programs");

export function ProgramsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const navigate = route.useNavigate();
  const [isOpen, { open, close }] = useDisclosure(false);
  const columns = useMemo<Column<Row<typeof PROGRAMS>>[]>(
    () => [
      {
        id: "name",
        header: t("academics.fields.name"),
        sort: "name",
        cell: (program) => <Bidi>{program.name}</Bidi>,
      },
      {
        id: "code",
        header: t("academics.fields.code"),
        sort: "code",
        cell: (program) => <Code>{program.code}</Code>,
      },
      {
        id: "structure",
        header: t("academics.program.structure"),
        cell: (program) => label("academics.structure", program.structure_type),
      },
      {
        id: "total",
        header: t("academics.program.total"),
        align: "end",
        cell: (program) => program.total_periods,
      },
      {
        id: "batches",
        header: t("academics.program.batches"),
        align: "end",
        cell: (program) => program.batch_count,
      },
      {
        id: "status",
        header: t("academics.fields.status"),
        sort: "status",
        cell: (program) => <StatusBadge status={program.status} />,
      },
    ],
    [t, label],
  );
  const create = can("program.manage") && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      {t("academics.program.create")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("academics.program.title")} lead={t("academics.program.lead")} actions={create} />
      <DataTable
        path={PROGRAMS}
        caption={t("academics.program.title")}
        columns={columns}
        rowId={(program) => program.id}
        rowLink={(program) =>
          linkOptions({ to: "/academics/programs/$id", params: { id: String(program.id) } })
        }
        search={route.useSearch()}
        filters={[
          {
            name: "status",
            label: t("academics.fields.status"),
            options: PROGRAM_STATUSES.map((value) => ({ value, label: label("ui.status", value) })),
          },
          {
            name: "structure_type",
            label: t("academics.program.structure"),
            options: STRUCTURES.map((value) => ({ value, label: label("academics.structure", value) })),
          },
        ]}
        empty={{
          title: t("academics.program.empty"),
          detail: t("academics.program.emptyDetail"),
          action: create,
        }}
      />
      <FormDialog title={t("academics.program.create")} opened={isOpen} onClose={close}>
        <ProgramForm
          onDone={({ id }) => navigate({ to: "/academics/programs/$id", params: { id: String(id) } })}
        />
      </FormDialog>
    </>
  );
}
