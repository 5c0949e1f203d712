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
import { StatusBadge } from "../../../ui/StatusBadge";
import { useOptions } from "../../../ui/useOptions";
import { CourseForm } from "../forms/CourseForm";
import { COURSES, PROGRAMS } from "../queries";

const route = getRouteApi("/shell/academics/courses");

export function CoursesPage() {
  const { t } = useTranslation();
  const can = useCan();
  const navigate = route.useNavigate();
  const [isOpen, { open, close }] = useDisclosure(false);
  const departments = useOptions("/api/v1/directory/departments/", (row) => row.name);
  const programs = useOptions(PROGRAMS, (row) => row.name);
  const columns = useMemo<Column<Row<typeof COURSES>>[]>(
    () => [
      {
        id: "name",
        header: t("academics.fields.name"),
        sort: "name",
        cell: (course) => <Bidi>{course.name}</Bidi>,
      },
      {
        id: "code",
        header: t("academics.fields.code"),
        sort: "code",
        cell: (course) => <Code>{course.code}</Code>,
      },
      {
        id: "department",
        header: t("academics.fields.department"),
        cell: (course) => <Bidi>{course.department_name}</Bidi>,
      },
      {
        id: "programs",
        header: t("academics.course.programs"),
        cell: (course) => <Bidi>{course.programs.map(({ name }) => name).join(", ")}</Bidi>,
      },
      {
        id: "credits",
        header: t("academics.course.credits"),
        align: "end",
        cell: (course) => Number(course.credits),
      },
      {
        id: "active",
        header: t("academics.fields.status"),
        cell: (course) => <StatusBadge status={course.is_active ? "active" : "inactive"} />,
      },
    ],
    [t],
  );
  const create = can("course.manage") && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      {t("academics.course.create")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("academics.course.title")} lead={t("academics.course.lead")} actions={create} />
      <DataTable
        path={COURSES}
        caption={t("academics.course.title")}
        columns={columns}
        rowId={(course) => course.id}
        rowLink={(course) => linkOptions({ to: "/academics/courses/$id", params: { id: String(course.id) } })}
        search={route.useSearch()}
        filters={[
          { name: "department", label: t("academics.fields.department"), options: departments },
          { name: "program", label: t("academics.fields.program"), options: programs },
          {
            name: "is_active",
            label: t("academics.fields.status"),
            options: [
              { value: "true", label: t("ui.status.active") },
              { value: "false", label: t("ui.status.inactive") },
            ],
          },
        ]}
        empty={{
          title: t("academics.course.empty"),
          detail: t("academics.course.emptyDetail"),
          action: create,
        }}
      />
      <FormDialog title={t("academics.course.create")} opened={isOpen} onClose={close}>
        <CourseForm
          onDone={({ id }) => navigate({ to: "/academics/courses/$id", params: { id: String(id) } })}
        />
      </FormDialog>
    </>
  );
}
