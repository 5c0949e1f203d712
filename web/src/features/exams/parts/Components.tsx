import { ActionIcon, Button, Group } from "@mantine/core";
import { IconEdit, IconPlus, IconTrash } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { Bidi } from "../../../ui/Bidi";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import type { Column } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { useSaved } from "../../../ui/useSaved";
import { ComponentForm } from "../forms/ComponentForm";
import { type Component, componentsQuery, EXAMS, type Exam, examUrl } from "../queries";

/** The parts of an exam, each with its marks and what it takes to pass. */
export function Components({ exam }: { exam: Exam }) {
  const { t } = useTranslation();
  const saved = useSaved(EXAMS);
  const { data } = useSuspenseQuery(componentsQuery(exam.id));
  const [editing, setEditing] = useState<Component | "new" | null>(null);
  const isOpen = exam.may_edit || exam.may_amend;
  const columns = useColumns(isOpen ? setEditing : null, exam.may_edit ? exam : null, saved);
  const close = () => setEditing(null);
  return (
    <Panel
      title={t("exams.components")}
      flush
      actions={
        exam.may_edit && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => setEditing("new")}
          >
            {t("ui.add")}
          </Button>
        )
      }
    >
      <SmallTable
        caption={t("exams.components")}
        columns={columns}
        rows={data.results}
        rowId={(row) => row.id}
        empty={exam.may_edit ? t("exams.component.empty") : t("exams.component.none")}
      />
      <FormDialog
        opened={editing !== null}
        onClose={close}
        size="md"
        title={editing === "new" ? t("exams.component.add") : t("exams.component.edit")}
      >
        <ComponentForm
          exam={exam}
          {...(editing && editing !== "new" ? { component: editing } : {})}
          onDone={close}
        />
      </FormDialog>
    </Panel>
  );
}

function useColumns(
  onEdit: ((component: Component) => void) | null,
  removable: Exam | null,
  onRemoved: () => Promise<void>,
): Column<Component>[] {
  const { t } = useTranslation();
  const { number } = useFormat();
  return useMemo<Column<Component>[]>(
    () => [
      { id: "name", header: t("exams.fields.name"), cell: (row) => <Bidi>{row.name}</Bidi> },
      {
        id: "max",
        header: t("exams.fields.max"),
        align: "end",
        cell: (row) => number(Number(row.max_marks)),
      },
      {
        id: "pass",
        header: t("exams.fields.passFrom"),
        align: "end",
        cell: (row) =>
          row.pass_marks !== null
            ? number(Number(row.pass_marks))
            : row.pass_percent !== null
              ? `${number(Number(row.pass_percent))} %`
              : t("exams.component.aboveNothing"),
      },
      {
        id: "mandatory",
        header: t("exams.component.must"),
        cell: (row) => (row.is_mandatory_to_pass ? t("ui.yes") : t("ui.no")),
      },
      ...(onEdit
        ? [
            {
              id: "acts",
              header: t("exams.acts"),
              align: "end" as const,
              cell: (row: Component) => (
                <Group gap={4} justify="flex-end" wrap="nowrap">
                  <ActionIcon
                    variant="subtle"
                    aria-label={t("exams.component.editOne", { name: row.name })}
                    onClick={() => onEdit(row)}
                  >
                    <IconEdit size={16} />
                  </ActionIcon>
                  {removable && (
                    <ConfirmButton
                      size="compact-sm"
                      variant="subtle"
                      color="madder"
                      title={t("exams.component.removeOne", { name: row.name })}
                      aria-label={t("exams.component.removeOne", { name: row.name })}
                      question={t("exams.component.removeQuestion")}
                      confirm={t("exams.remove")}
                      act={() =>
                        writeJson("POST", `${examUrl(removable.id)}components/${row.id}/remove/`, {})
                      }
                      onDone={onRemoved}
                    >
                      <IconTrash size={16} aria-hidden="true" />
                    </ConfirmButton>
                  )}
                </Group>
              ),
            },
          ]
        : []),
    ],
    [t, number, onEdit, removable, onRemoved],
  );
}
