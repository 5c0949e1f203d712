import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { DayFilter, ReferenceFilter } from "../../../ui/filters";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { CourseSelect } from "../../../ui/references";
import { ExamForm } from "../forms/ExamForm";
import { ExamStatus } from "../parts/ExamStatus";
import { EXAM_STATUSES, EXAM_TYPES, EXAMS, type ListedExam } from "../queries";

const route = getRouteApi("/shell/assessment/exams");

/** Exams: drafted, announced, marked, completed. */
export function ExamsPage() {
  const { t } = useTranslation();
  const label = useLabel();
  const can = useCan();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [isOpen, { open, close }] = useDisclosure(false);
  const columns = useColumns();
  const create = can("exam.edit") && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      {t("exams.create")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("exams.title")} lead={t("exams.lead")} actions={create} />
      <DataTable
        path={EXAMS}
        caption={t("exams.title")}
        columns={columns}
        rowId={(row) => row.id}
        rowLink={(row) => linkOptions({ to: "/assessment/exams/$id", params: { id: String(row.id) } })}
        search={search}
        filters={[
          {
            name: "status",
            label: t("exams.fields.state"),
            options: EXAM_STATUSES.map((value) => ({ value, label: label("exams.status", value) })),
          },
          {
            name: "exam_type",
            label: t("exams.fields.type"),
            options: EXAM_TYPES.map((value) => ({ value, label: label("exams.type", value) })),
          },
          {
            name: "course",
            label: t("exams.fields.course"),
            control: (field) => (
              <ReferenceFilter field={field} path="/api/v1/academics/courses/" of={CourseSelect} />
            ),
          },
          {
            name: "start_date",
            label: t("exams.fields.from"),
            control: (field) => <DayFilter {...field} />,
          },
        ]}
        empty={{
          title: t("exams.empty"),
          detail: create ? t("exams.emptyDetail") : t("exams.emptyOther"),
          action: create || <AnchorLink to="/">{t("app.notFound.home")}</AnchorLink>,
        }}
      />
      <FormDialog opened={isOpen} onClose={close} size="xl" title={t("exams.create")}>
        <ExamForm
          onDone={(made) => void navigate({ to: "/assessment/exams/$id", params: { id: String(made.id) } })}
        />
      </FormDialog>
    </>
  );
}

function useColumns(): Column<ListedExam>[] {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  return useMemo<Column<ListedExam>[]>(
    () => [
      {
        id: "title",
        header: t("exams.fields.title"),
        sort: "title",
        cell: (row) => <Bidi>{row.title}</Bidi>,
      },
      {
        id: "type",
        header: t("exams.fields.type"),
        sort: "exam_type",
        cell: (row) => label("exams.type", row.exam_type),
      },
      {
        id: "course",
        header: t("exams.fields.course"),
        cell: (row) =>
          row.course_code && (
            <>
              <Code>{row.course_code}</Code> <Bidi>{row.course_name}</Bidi>
            </>
          ),
      },
      {
        id: "when",
        header: t("exams.fields.when"),
        sort: "scheduled_at",
        cell: (row) => (
          <>
            {format.date(row.scheduled_at)}, <bdi dir="ltr">{format.time(row.scheduled_at)}</bdi>
          </>
        ),
      },
      {
        id: "place",
        header: t("exams.fields.place"),
        isExtra: true,
        cell: (row) => row.place_name && <Bidi>{row.place_name}</Bidi>,
      },
      {
        id: "candidates",
        header: t("exams.fields.candidates"),
        align: "end",
        cell: (row) => format.number(row.candidate_count),
      },
      {
        id: "status",
        header: t("exams.fields.state"),
        sort: "status",
        cell: (row) => <ExamStatus status={row.status} />,
      },
    ],
    [t, label, format],
  );
}
