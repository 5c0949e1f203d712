import { Button, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { writeJson } from "../../../api/transport";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { Columns } from "../../../ui/Columns";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { Facts } from "../../../ui/Facts";
import { FormDialog } from "../../../ui/FormDialog";
import { AnchorLink } from "../../../ui/links";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useSaved } from "../../../ui/useSaved";
import { CourseForm } from "../forms/CourseForm";
import { SectionRows } from "../parts/SectionRows";
import { Syllabus } from "../parts/Syllabus";
import { COURSES, type Course, recordQuery } from "../queries";

const route = getRouteApi("/shell/academics/courses/$id");

export function CoursePage() {
  const { t } = useTranslation();
  const can = useCan();
  const { id } = route.useParams();
  const navigate = route.useNavigate();
  const saved = useSaved(COURSES);
  const { data: course } = useSuspenseQuery(recordQuery<Course>(COURSES, id));
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <PageHeader
        title={course.name}
        heading={<Bidi>{course.name}</Bidi>}
        badge={<StatusBadge status={course.is_active ? "active" : "inactive"} />}
        lead={<Code>{course.code}</Code>}
        up={<AnchorLink to="/academics/courses">{t("academics.course.title")}</AnchorLink>}
        actions={
          can("course.manage") && (
            <Group gap="xs">
              <ConfirmButton
                title={t("academics.course.delete")}
                question={t("academics.deleteQuestion", { name: course.name })}
                confirm={t("ui.delete")}
                act={() => writeJson("DELETE", `${COURSES}${course.id}/`)}
                onDone={async () => {
                  await navigate({ to: "/academics/courses" });
                  await saved();
                }}
              >
                {t("ui.delete")}
              </ConfirmButton>
              <Button variant="default" leftSection={<IconPencil size={16} />} onClick={open}>
                {t("ui.edit")}
              </Button>
            </Group>
          )
        }
      />
      <Columns
        side={
          <Panel title={t("academics.course.facts")}>
            <Facts
              items={[
                { label: t("academics.fields.department"), value: <Bidi>{course.department_name}</Bidi> },
                { label: t("academics.course.credits"), value: Number(course.credits) },
                {
                  label: t("academics.course.programs"),
                  value:
                    course.programs.length > 0 ? (
                      <Bidi>{course.programs.map(({ name }) => name).join(", ")}</Bidi>
                    ) : null,
                },
              ]}
            />
          </Panel>
        }
      >
        {can("syllabus.view") && <Syllabus belongs={{ course: course.id }} />}
        <SectionRows course={course.id} />
      </Columns>
      <FormDialog title={t("academics.course.edit")} opened={isOpen} onClose={close}>
        <CourseForm key={course.version} course={course} onDone={close} />
      </FormDialog>
    </>
  );
}
