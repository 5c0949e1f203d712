import { Button, Menu, Text } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { type Exam, examUrl } from "../queries";

/** What can be printed of an exam: a sheet to write on, the marks as entered, and the published results. */
export function Papers({ exam }: { exam: Exam }) {
  const { t } = useTranslation();
  const can = useCan();
  const hasBegun = exam.status === "marking" || exam.status === "completed";
  const isPublished = (exam.funnel.published ?? 0) + (exam.funnel.frozen ?? 0) > 0;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconPrinter size={16} aria-hidden="true" />}>
          {t("exams.papers.title")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={`${examUrl(exam.id)}marks-sheet/pdf/`} target="_blank">
          {t("exams.papers.empty")}
        </Menu.Item>
        {hasBegun && (
          <Menu.Item component="a" href={`${examUrl(exam.id)}marks-sheet/pdf/?filled=true`} target="_blank">
            {t("exams.papers.filled")}
          </Menu.Item>
        )}
        {can("result.view_decided") &&
          (isPublished ? (
            <Menu.Item component="a" href={`${examUrl(exam.id)}gazette/pdf/`} target="_blank">
              {t("exams.papers.gazette")}
            </Menu.Item>
          ) : (
            <Menu.Item disabled>
              {t("exams.papers.gazette")}
              <Text size="xs">{t("exams.papers.nothingPublished")}</Text>
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
