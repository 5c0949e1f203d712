import { Button, Group, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChartBar, IconEdit, IconTable } from "@tabler/icons-react";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { movesOf, useMove } from "../../../api/moves";
import { writeJson } from "../../../api/transport";
import { useLabel } from "../../../i18n/label";
import { AudienceWords } from "../../../ui/audience/AudienceWords";
import { Bidi } from "../../../ui/Bidi";
import { ConfirmButton } from "../../../ui/ConfirmButton";
import { Facts } from "../../../ui/Facts";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { AnchorLink, ButtonLink } from "../../../ui/links";
import { MoveButtons } from "../../../ui/MoveButtons";
import { Notice } from "../../../ui/Notice";
import { PageHeader } from "../../../ui/PageHeader";
import { Panel } from "../../../ui/Panel";
import { useSaved } from "../../../ui/useSaved";
import { ExamForm } from "../forms/ExamForm";
import { RuleForm } from "../forms/RuleForm";
import { Candidates } from "../parts/Candidates";
import { Components } from "../parts/Components";
import { Examiners } from "../parts/Examiners";
import { ExamStatus } from "../parts/ExamStatus";
import { Papers } from "../parts/Papers";
import { ASSESSMENT, type Exam, examQuery, examUrl } from "../queries";

const route = getRouteApi("/shell/assessment/exams/$id");
const OVER = "wrong_status";

/** One exam: what it is, of what it is made, who marks it and who sits it. */
export function ExamPage() {
  const { t } = useTranslation();
  const can = useCan();
  const { id } = route.useParams();
  const { data: exam } = useSuspenseQuery(examQuery(id));
  const saved = useSaved(ASSESSMENT);
  const { mutateAsync } = useMove({
    url: examUrl(exam.id),
    version: exam.version,
    invalidate: [[examUrl(exam.id)]],
  });
  const moves = movesOf(exam.moves).filter(({ missing }) => !missing.some(({ code }) => code === OVER));
  const isStaff = can("result.enter", "exam.edit") || !can("enrollment.self");
  const hasBegun = exam.status === "marking" || exam.status === "completed";
  return (
    <>
      <PageHeader
        title={exam.title}
        heading={<Bidi>{exam.title}</Bidi>}
        badge={<ExamStatus status={exam.status} />}
        up={<AnchorLink to="/assessment/exams">{t("exams.title")}</AnchorLink>}
        lead={<Lead exam={exam} />}
        actions={
          <Group gap="xs">
            {isStaff && hasBegun && (
              <>
                <ButtonLink
                  to="/assessment/exams/$id/marks"
                  params={{ id }}
                  variant="default"
                  leftSection={<IconTable size={16} />}
                >
                  {t("exams.grid.title")}
                </ButtonLink>
                <ButtonLink
                  to="/assessment/exams/$id/results"
                  params={{ id }}
                  variant="default"
                  leftSection={<IconChartBar size={16} />}
                >
                  {t("exams.results.title")}
                </ButtonLink>
              </>
            )}
            {isStaff && <Papers exam={exam} />}
            {moves.length > 0 && (
              <MoveButtons
                moves={moves}
                primary={moves.find(({ allowed, name }) => allowed && name !== "cancel")?.name ?? "none"}
                onMove={(asked) => mutateAsync(asked).finally(() => void saved())}
              />
            )}
          </Group>
        }
      />
      <Stack gap="lg">
        {exam.cancel_reason && (
          <Notice tone="wait">
            {t("exams.cancelled")} <Bidi>{exam.cancel_reason}</Bidi>
          </Notice>
        )}
        <About exam={exam} />
        <Rules exam={exam} />
        <Components exam={exam} />
        {isStaff && <Examiners exam={exam} mayName={exam.may_edit || exam.may_amend} />}
        <section>
          <Candidates
            exam={exam}
            mayEnter={can("exam.edit") && exam.status !== "completed" && exam.status !== "cancelled"}
          />
        </section>
      </Stack>
    </>
  );
}

function Lead({ exam }: { exam: Exam }) {
  const label = useLabel();
  const format = useFormat();
  return (
    <>
      {label("exams.type", exam.exam_type)} · {format.day(exam.scheduled_at)},{" "}
      <bdi dir="ltr">
        {format.time(exam.scheduled_at)}–{format.time(exam.ends_at)}
      </bdi>
      {exam.place_name && (
        <>
          {" · "}
          <Bidi>{exam.place_name}</Bidi>
        </>
      )}
    </>
  );
}

function About({ exam }: { exam: Exam }) {
  const { t } = useTranslation();
  const format = useFormat();
  const queryClient = useQueryClient();
  const navigate = route.useNavigate();
  const saved = useSaved(ASSESSMENT);
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <Panel
      title={t("exams.about")}
      actions={
        exam.may_edit && (
          <Group gap="xs">
            <ConfirmButton
              size="compact-sm"
              variant="subtle"
              color="madder"
              title={t("exams.delete")}
              question={t("exams.deleteQuestion")}
              confirm={t("exams.delete")}
              act={() => writeJson("DELETE", examUrl(exam.id), undefined, { ifMatch: exam.version })}
              onDone={async () => {
                await navigate({ to: "/assessment/exams" });
                await saved();
              }}
            >
              {t("exams.delete")}
            </ConfirmButton>
            <Button size="compact-sm" variant="default" leftSection={<IconEdit size={14} />} onClick={open}>
              {t("ui.edit")}
            </Button>
          </Group>
        )
      }
    >
      <Facts
        items={[
          {
            label: t("exams.fields.course"),
            value: exam.course_name ? <Bidi>{exam.course_name}</Bidi> : null,
          },
          {
            label: t("exams.fields.period"),
            value: exam.academic_period_name ? <Bidi>{exam.academic_period_name}</Bidi> : null,
          },
          ...(exam.section_name
            ? [{ label: t("exams.fields.section"), value: <Bidi>{exam.section_name}</Bidi> }]
            : []),
          ...(exam.department_name
            ? [{ label: t("exams.fields.department"), value: <Bidi>{exam.department_name}</Bidi> }]
            : []),
          { label: t("exams.fields.minutes"), value: format.number(exam.duration_minutes) },
          { label: t("exams.fields.candidates"), value: format.number(exam.candidate_count) },
          ...(exam.audience.length > 0
            ? [{ label: t("exams.fields.audience"), value: <AudienceWords audience={exam.audience} /> }]
            : []),
        ]}
      />
      <FormDialog opened={isOpen} onClose={close} size="xl" title={t("exams.edit")}>
        <ExamForm
          key={exam.version}
          exam={exam}
          onDone={close}
          onReload={() => queryClient.invalidateQueries({ queryKey: [examUrl(exam.id)] })}
        />
      </FormDialog>
    </Panel>
  );
}

function Rules({ exam }: { exam: Exam }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { number } = useFormat();
  const queryClient = useQueryClient();
  const [isOpen, { open, close }] = useDisclosure(false);
  const mayList = useCan()("attendance.eligibility", "attendance.condone");
  const mayWrite = exam.may_set_rules && (exam.may_edit || exam.may_amend);
  return (
    <Panel
      title={t("exams.rule.title")}
      actions={
        mayWrite && (
          <Button size="compact-sm" variant="default" leftSection={<IconEdit size={14} />} onClick={open}>
            {exam.may_amend ? t("exams.rule.amend") : t("ui.edit")}
          </Button>
        )
      }
    >
      <Facts
        items={[
          { label: t("exams.fields.mode"), value: label("exams.mode", exam.passing_mode) },
          {
            label: t("exams.fields.passTotal"),
            value:
              exam.pass_total_marks !== null ? (
                number(Number(exam.pass_total_marks))
              ) : exam.pass_total_percent !== null ? (
                <bdi dir="ltr">{number(Number(exam.pass_total_percent))} %</bdi>
              ) : null,
          },
          {
            label: t("exams.rule.anyFails"),
            value: exam.fail_if_any_component_fail ? t("ui.yes") : t("ui.no"),
          },
          {
            label: t("exams.rule.eligibility"),
            value: !exam.requires_eligibility ? (
              t("ui.no")
            ) : mayList ? (
              <AnchorLink
                to="/attendance/eligibility-lists"
                search={{ owner_kind: "exam", owner_id: String(exam.id) }}
              >
                {t("exams.rule.toLists")}
              </AnchorLink>
            ) : (
              t("ui.yes")
            ),
          },
          {
            label: t("exams.fields.scheme"),
            value: exam.grade_scheme_name ? (
              <Bidi>{exam.grade_scheme_name}</Bidi>
            ) : (
              t("exams.rule.usualScheme")
            ),
          },
        ]}
      />
      <FormDialog opened={isOpen} onClose={close} size="lg" title={t("exams.rule.title")}>
        <RuleForm
          key={exam.version}
          exam={exam}
          onDone={close}
          onReload={() => queryClient.invalidateQueries({ queryKey: [examUrl(exam.id)] })}
        />
      </FormDialog>
    </Panel>
  );
}
