import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import type { Row } from "../../../api/types";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { PageHeader } from "../../../ui/PageHeader";
import { SeatsBar } from "../../../ui/SeatsBar";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useOptions } from "../../../ui/useOptions";
import { SectionForm } from "../forms/SectionForm";
import { BATCHES, PERIODS, PROGRAMS, SECTIONS } from "../queries";

const route = getRouteApi("/shell/academics/sections");

export function SectionsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const [isOpen, { open, close }] = useDisclosure(false);
  const programs = useOptions(PROGRAMS, (row) => row.name);
  const batches = useOptions(BATCHES, (row) => row.name, { program: search.program });
  const periods = useOptions(PERIODS, (row) => [row.name, row.batch_name ?? row.program_name].join(" · "), {
    is_template: false,
    program: search.program,
    batch: search.batch,
  });
  const columns = useMemo<Column<Row<typeof SECTIONS>>[]>(
    () => [
      {
        id: "name",
        header: t("academics.fields.section"),
        sort: "name",
        cell: (section) => <Bidi>{section.name}</Bidi>,
      },
      {
        id: "course",
        header: t("academics.fields.course"),
        sort: "course__code",
        cell: (section) => (
          <>
            <Code>{section.course_code}</Code> <Bidi>{section.course_name}</Bidi>
          </>
        ),
      },
      {
        id: "period",
        header: t("academics.fields.period"),
        cell: (section) => <Bidi>{section.academic_period_name}</Bidi>,
      },
      {
        id: "teacher",
        header: t("academics.fields.teacher"),
        cell: (section) => section.faculty_name && <Bidi>{section.faculty_name}</Bidi>,
      },
      {
        id: "group",
        header: t("academics.fields.group"),
        isExtra: true,
        cell: (section) => section.group_name && <Bidi>{section.group_name}</Bidi>,
      },
      {
        id: "seats",
        header: t("academics.section.seats"),
        sort: "enrolled_count",
        cell: (section) => <SeatsBar taken={section.enrolled_count} capacity={section.capacity} />,
      },
      {
        id: "status",
        header: t("academics.section.periodStatus"),
        cell: (section) => <StatusBadge status={section.period_status} />,
      },
    ],
    [t],
  );
  const create = can("section.manage") && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      {t("academics.section.create")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("academics.section.title")} lead={t("academics.section.lead")} actions={create} />
      <DataTable
        path={SECTIONS}
        caption={t("academics.section.title")}
        columns={columns}
        rowId={(section) => section.id}
        rowLink={(section) =>
          linkOptions({ to: "/academics/sections/$id", params: { id: String(section.id) } })
        }
        search={search}
        filters={[
          { name: "program", label: t("academics.fields.program"), options: programs },
          ...(search.program
            ? [{ name: "batch", label: t("academics.fields.batch"), options: batches }]
            : []),
          { name: "academic_period", label: t("academics.fields.period"), options: periods },
        ]}
        empty={{
          title: t("academics.section.empty"),
          detail: t("academics.section.emptyDetail"),
          action: create,
        }}
      />
      <FormDialog title={t("academics.section.create")} opened={isOpen} onClose={close}>
        <SectionForm
          onDone={({ id }) => navigate({ to: "/academics/sections/$id", params: { id: String(id) } })}
        />
      </FormDialog>
    </>
  );
}
