import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { writeJson } from "../../../api/transport";
import { Bidi } from "../../../ui/Bidi";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import type { Column } from "../../../ui/DataTable";
import { FormDialog } from "../../../ui/FormDialog";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { useSaved } from "../../../ui/useSaved";
import { ExaminerForm } from "../forms/ExaminerForm";
import { componentsQuery, EXAMS, type Exam, type Examiner, examinersQuery, examUrl } from "../queries";

/** Who marks the exam. */
export function Examiners({ exam, mayName }: { exam: Exam; mayName: boolean }) {
  const { t } = useTranslation();
  const saved = useSaved(EXAMS);
  const { data } = useSuspenseQuery(examinersQuery(exam.id));
  const { data: components } = useSuspenseQuery(componentsQuery(exam.id));
  const [isOpen, { open, close }] = useDisclosure(false);
  const columns = useMemo<Column<Examiner>[]>(
    () => [
      {
        id: "person",
        header: t("exams.fields.examiner"),
        cell: (row) => <Bidi>{row.person_name}</Bidi>,
      },
      {
        id: "component",
        header: t("exams.fields.component"),
        cell: (row) => (row.component_name ? <Bidi>{row.component_name}</Bidi> : t("exams.wholeExam")),
      },
      ...(mayName
        ? [
            {
              id: "acts",
              header: t("exams.acts"),
              align: "end" as const,
              cell: (row: Examiner) => (
                <ConfirmButton
                  size="compact-sm"
                  variant="subtle"
                  color="madder"
                  title={t("exams.examiner.removeOne", { name: row.person_name })}
                  aria-label={t("exams.examiner.removeOne", { name: row.person_name })}
                  question={t("exams.examiner.removeQuestion")}
                  confirm={t("exams.remove")}
                  act={() => writeJson("DELETE", `${examUrl(exam.id)}examiners/${row.id}/`)}
                  onDone={saved}
                >
                  {t("exams.remove")}
                </ConfirmButton>
              ),
            },
          ]
        : []),
    ],
    [t, mayName, exam.id, saved],
  );
  return (
    <Panel
      title={t("exams.examiners")}
      flush
      actions={
        mayName && (
          <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} />} onClick={open}>
            {t("ui.add")}
          </Button>
        )
      }
    >
      <SmallTable
        caption={t("exams.examiners")}
        columns={columns}
        rows={data.results}
        rowId={(row) => row.id}
        empty={mayName ? t("exams.examiner.empty") : t("exams.examiner.none")}
      />
      <FormDialog opened={isOpen} onClose={close} size="md" title={t("exams.examiner.add")}>
        <ExaminerForm exam={exam} components={components.results} onDone={close} />
      </FormDialog>
    </Panel>
  );
}
