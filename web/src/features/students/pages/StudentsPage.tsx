import { Button, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFileImport, IconPlus } from "@tabler/icons-react";
import { getRouteApi, linkOptions } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { ButtonLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useOptions } from "../../../ui/useOptions";
import { CreateStudentForm } from "../forms/CreateStudentForm";
import { type ListedStudent, STATUSES, STUDENTS } from "../queries";

const route = getRouteApi("/shell/academics/students");

export function StudentsPage() {
  const { t } = useTranslation();
  const can = useCan();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [isOpen, { open, close }] = useDisclosure(false);
  const columns = useColumns();
  const filters = useFilters(search);
  const actions = (
    <Group gap="xs">
      {can("student.import") && (
        <ButtonLink
          to="/academics/imports"
          search={{ kind: "students" }}
          variant="default"
          leftSection={<IconFileImport size={16} />}
        >
          {t("students.import")}
        </ButtonLink>
      )}
      {can("student.edit") && (
        <Button leftSection={<IconPlus size={16} />} onClick={open}>
          {t("students.create")}
        </Button>
      )}
    </Group>
  );
  return (
    <>
      <PageHeader title={t("students.title")} lead={t("students.lead")} actions={actions} />
      <DataTable
        path={STUDENTS}
        caption={t("students.title")}
        columns={columns}
        rowId={(student) => student.id}
        rowLink={(student) =>
          linkOptions({ to: "/academics/students/$id", params: { id: String(student.id) } })
        }
        search={search}
        filters={filters}
        empty={{
          title: t("students.empty.title"),
          detail: t("students.empty.detail"),
          action: actions,
        }}
      />
      <FormDialog title={t("students.create")} opened={isOpen} onClose={close}>
        <CreateStudentForm
          onDone={(student) =>
            void navigate({ to: "/academics/students/$id", params: { id: String(student.id) } })
          }
        />
      </FormDialog>
    </>
  );
}

function useColumns(): Column<ListedStudent>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        id: "name",
        header: t("students.fields.name"),
        sort: "person__name",
        cell: (student) => <Bidi>{student.name}</Bidi>,
      },
      {
        id: "reg_no",
        header: t("students.fields.regNo"),
        sort: "reg_no",
        cell: (student) => <Code>{student.reg_no}</Code>,
      },
      {
        id: "program",
        header: t("students.fields.program"),
        cell: (student) => <Bidi>{student.program_name}</Bidi>,
      },
      {
        id: "batch",
        header: t("students.fields.batch"),
        cell: (student) => <Bidi>{student.batch_name}</Bidi>,
      },
      {
        id: "group",
        header: t("students.fields.group"),
        cell: (student) => <Bidi>{student.group_name}</Bidi>,
      },
      {
        id: "year",
        header: t("students.fields.year"),
        align: "end",
        sort: "current_year",
        cell: (student) => student.current_year,
      },
      {
        id: "phone",
        header: t("students.fields.phone"),
        cell: (student) => student.phone && <Code>{student.phone}</Code>,
      },
      {
        id: "email",
        header: t("students.fields.email"),
        isExtra: true,
        cell: (student) => student.email && <Code>{student.email}</Code>,
      },
      {
        id: "status",
        header: t("students.fields.status"),
        sort: "status",
        cell: (student) => <StatusBadge status={student.status} />,
      },
    ],
    [t],
  );
}

/** Batches of the chosen program, groups of the chosen batch. */
function useFilters(search: { program?: string; batch?: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  const programs = useOptions("/api/v1/academics/programs/", (row) => row.name);
  const batches = useOptions(
    "/api/v1/academics/batches/",
    (row) => (search.program ? row.name : `${row.name} · ${row.program_name}`),
    { program: search.program },
  );
  const groups = useOptions(
    "/api/v1/academics/groups/",
    (row) => row.name,
    { batch: search.batch },
    Boolean(search.batch),
  );
  const statuses = STATUSES.map((value) => ({ value, label: label("ui.status", value) }));
  return [
    { name: "program", label: t("students.fields.program"), options: programs },
    { name: "batch", label: t("students.fields.batch"), options: batches },
    ...(search.batch ? [{ name: "group", label: t("students.fields.group"), options: groups }] : []),
    { name: "status", label: t("students.fields.status"), options: statuses },
    {
      name: "without_placement",
      label: t("students.fields.placement"),
      options: [{ value: "true", label: t("students.withoutPlacement") }],
    },
  ];
}
